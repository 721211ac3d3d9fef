import { simulateLink } from '../../test/support/simulated-link.ts';
import { COLOUR } from './palette.ts';
import { createPlot, type Plot, segment } from './plot.ts';
import { curve, dots, type Point, strokes } from './series.ts';
import { element, headHeight, pictureFile, text } from './svg.ts';

const TONE_HZ = 1.35;
const SECONDS = 2;
const SEED = 4;
/** Base delay of the simulated link: where a sample with no lateness lies. */
const BASE_DELAY_SECONDS = 0.004;
const LINES = [
  `A tone of ${TONE_HZ} Hz, sampled 20 times a second; below, what comes through 20 % loss and 20 ms of jitter.`,
  'Bars show how far a sample is from where it would lie if its journey had taken as long as all the others.',
];
const TOP = headHeight(LINES.length) + 24;
const HEIGHT = 120;
const GAP = 44;

interface Sent {
  readonly seconds: number;
  readonly value: number;
  /** Lateness in seconds; null when it was lost. */
  readonly late: number | null;
}

/** A tone and its samples as they leave, and as they arrive. */
export function drawTone(): string {
  const [above, below] = [plotAt(TOP, false), plotAt(TOP + HEIGHT + GAP, true)];
  const sent = sendSamples();
  return pictureFile({
    width: 720,
    height: TOP + 2 * HEIGHT + GAP + 52,
    title: 'A tone, its samples, and what arrives',
    lines: LINES,
    body: [above.frame, ...drawSent(above, sent), below.frame, ...drawArrived(below, sent)],
  });
}

function plotAt(top: number, hasXTicks: boolean): Plot {
  const x = { min: -0.04, max: SECONDS, ticks: [0, 0.5, 1, 1.5, 2], label: hasXTicks ? 'time, seconds' : '' };
  const y = { min: -1.15, max: 1.15, ticks: [-1, 0, 1], label: 'value' };
  return createPlot({ left: 58, top, width: 640, height: HEIGHT, x, y, hasXTicks, yLabelGap: 36 });
}

/** The same simulated link twice: once clean, to know what was sent, and once with the network in between. */
function sendSamples(): Sent[] {
  const link = { seed: SEED, seconds: SECONDS, toneHz: TONE_HZ, senderNoiseSeconds: 0, startPhase: 0, startSeconds: 0 };
  const all = simulateLink({ ...link, networkNoiseSeconds: 0 });
  const network = simulateLink({
    ...link,
    networkNoiseSeconds: 0.02,
    network: (_, random) => (random.uniform() < 0.2 ? null : 0),
  });
  const arrivals = new Map(network.map((arrival) => [arrival.sample.sequence, arrival.receivedSeconds]));
  return all.map(({ sample }) => {
    const arrived = arrivals.get(sample.sequence);
    const late = arrived === undefined ? null : arrived - sample.sentSeconds - BASE_DELAY_SECONDS;
    return { seconds: sample.sentSeconds, value: toneAt(sample.sentSeconds), late };
  });
}

function toneAt(seconds: number): number {
  return Math.sin(2 * Math.PI * TONE_HZ * seconds);
}

function waveform(): Point[] {
  return Array.from({ length: 161 }, (_, i): Point => [(i * SECONDS) / 160, toneAt((i * SECONDS) / 160)]);
}

function drawSent(plot: Plot, sent: readonly Sent[]): string[] {
  const heading = `Sent: ${sent.length} samples, each with its number and the time it left`;
  return [
    text(plot.options.left, plot.options.top - 9, heading, { weight: 600 }),
    curve(plot, waveform(), { stroke: COLOUR.lightTeal, width: 1.5 }),
    dots(
      plot,
      sent.map(({ seconds, value }) => [seconds, value]),
      { fill: COLOUR.teal, diameter: 6.5 },
    ),
  ];
}

function drawArrived(plot: Plot, sent: readonly Sent[]): string[] {
  const { left, top, width } = plot.options;
  const lost = sent.filter(({ late }) => late === null);
  const came = sent.flatMap(({ seconds, value, late }) => (late === null ? [] : [{ seconds, value, late }]));
  const shifts = came.map(
    ({ seconds, value, late }) =>
      [
        [seconds, value],
        [seconds + late, value],
      ] as [Point, Point],
  );
  const heading = `Received: ${came.length} samples, each a little late or early`;
  const legend = `${lost.length} holes: the number never came`;
  return [
    text(left, top - 9, heading, { weight: 600 }),
    curve(plot, waveform(), { stroke: COLOUR.grey, width: 1, dash: '3 3' }),
    strokes(plot, shifts, { stroke: COLOUR.amber, width: 2.5 }),
    dots(
      plot,
      shifts.map(([, end]) => end),
      { fill: COLOUR.amber, diameter: 6.5 },
    ),
    ...lost.map(({ seconds, value }) => hole(plot.x(seconds), plot.y(value))),
    hole(left + width - 198, top - 13),
    text(left + width, top - 9, legend, { anchor: 'end' }),
  ];
}

function hole(x: number, y: number): string {
  const ring = { cx: x, cy: y, r: 4, fill: COLOUR.ground, stroke: COLOUR.vermilion, 'stroke-width': 1.6 };
  return element('circle', ring) + segment({ x1: x - 6, y1: y + 6, x2: x + 6, y2: y - 6 }, COLOUR.vermilion);
}
