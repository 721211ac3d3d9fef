import { periodicHann } from '../../src/core/hann.ts';
import { measureTone, SIGNAL_HALF_WIDTH_BINS } from '../../src/core/spectral-error.ts';
import { COLOUR } from './palette.ts';
import { createPlot, type Plot } from './plot.ts';
import { curve, dots, type Point } from './series.ts';
import { element, headHeight, pictureFile, text } from './svg.ts';

const SIZE = 256;
/** Halfway between two bins, where leakage is at its worst. */
const OFFSET_BINS = 0.5;
const SPAN_BINS = 24;
const FLOOR_DB = -120;
const LINES = [
  'A tone that does not complete whole cycles in the window is cut off at both ends, and the cuts leak into every bin.',
  'The Hann window fades both ends to nothing. Right: a tone halfway between two bins, the worst case.',
];
const TOP = headHeight(LINES.length) + 22;
const HEIGHT = 230;

/** The Hann window, and the leakage of a tone between two bins with it and without. */
export function drawHann(): string {
  const shape = createPlot({
    left: 58,
    top: TOP,
    width: 210,
    height: HEIGHT,
    x: { min: 0, max: SIZE, ticks: [0, 64, 128, 192, 256], label: 'slot' },
    y: { min: 0, max: 1.1, ticks: [0, 0.25, 0.5, 0.75, 1], label: 'weight' },
  });
  const leakage = createPlot({
    left: 340,
    top: TOP,
    width: 358,
    height: HEIGHT,
    x: { min: -SPAN_BINS, max: SPAN_BINS, ticks: [-20, -10, 0, 10, 20], label: 'bins from the tone’s place' },
    y: { min: FLOOR_DB, max: 5, ticks: [-120, -100, -80, -60, -40, -20, 0], label: 'power, dB' },
  });
  return pictureFile({
    width: 720,
    height: TOP + HEIGHT + 52,
    title: 'Why a window: leakage',
    lines: LINES,
    body: [shape.frame, ...drawShape(shape), band(leakage), leakage.frame, ...drawLeakage(leakage)],
  });
}

function drawShape(plot: Plot): string[] {
  const hann = [...periodicHann(SIZE), 0];
  return [
    curve(
      plot,
      [
        [0, 0],
        [0, 1],
        [SIZE, 1],
        [SIZE, 0],
      ],
      { stroke: COLOUR.amber, width: 1.8 },
    ),
    curve(
      plot,
      hann.map((weight, n): Point => [n, weight]).filter(([n]) => n % 4 === 0),
      {
        stroke: COLOUR.teal,
        width: 2.2,
      },
    ),
    text(plot.x(SIZE / 2), plot.y(1.03), 'no window', { anchor: 'middle' }),
    text(plot.x(SIZE / 2), plot.y(0.42), 'Hann', { anchor: 'middle', fill: COLOUR.teal, weight: 600 }),
  ];
}

function band(plot: Plot): string {
  const { top, height } = plot.options;
  const [left, right] = [plot.x(-SIGNAL_HALF_WIDTH_BINS), plot.x(SIGNAL_HALF_WIDTH_BINS)];
  return element('rect', {
    x: left,
    y: top,
    width: right - left,
    height,
    fill: COLOUR.lightTeal,
    'fill-opacity': '0.14',
  });
}

function drawLeakage(plot: Plot): string[] {
  const hann = periodicHann(SIZE);
  const [plain, faded] = [powerAt(() => 1), powerAt((n) => hann[n] ?? 0)];
  const bins = Array.from({ length: 2 * SPAN_BINS + 1 }, (_, i) => i - SPAN_BINS);
  const draw = (power: (bin: number) => number, stroke: string) => [
    curve(
      plot,
      bins.map((bin) => [bin, decibels(power(bin))]),
      { stroke, width: 1, opacity: 0.7 },
    ),
    dots(
      plot,
      bins.map((bin) => [bin, decibels(power(bin))]),
      { fill: stroke, diameter: 5.5 },
    ),
  ];
  const outside = [plain, faded].map((power) => percent(outsideShare(power)));
  return [
    ...draw(plain, COLOUR.amber),
    ...draw(faded, COLOUR.teal),
    text(plot.x(23.5), plot.y(-13), `no window: ${outside[0]} leaks`, { anchor: 'end' }),
    text(plot.x(23.5), plot.y(-62), `Hann: ${outside[1]}`, { anchor: 'end', fill: COLOUR.teal, weight: 600 }),
    text(plot.x(0), plot.options.top + HEIGHT - 9, 'signal band', { anchor: 'middle', size: 11, fill: COLOUR.muted }),
  ];
}

/** Power of the off-bin tone anywhere on the frequency axis, relative to an on-bin tone, under a weighting. */
function powerAt(weight: (n: number) => number): (bin: number) => number {
  const weights = Array.from({ length: SIZE }, (_, n) => weight(n));
  const gain = weights.reduce((sum, value) => sum + value, 0);
  return (bin) => {
    let [re, im] = [0, 0];
    weights.forEach((value, n) => {
      const phase = (2 * Math.PI * (OFFSET_BINS - bin) * n) / SIZE;
      re += value * Math.cos(phase);
      im += value * Math.sin(phase);
    });
    return (re * re + im * im) / gain ** 2;
  };
}

/** Share of the power outside the signal band, as the receiver counts it. */
function outsideShare(power: (bin: number) => number): number {
  return measureTone(
    Float64Array.from({ length: SIZE }, (_, m) => power(m)),
    0,
  ).spectralError;
}

function decibels(power: number): number {
  return Math.max(10 * Math.log10(power), FLOOR_DB);
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(2)} %`;
}
