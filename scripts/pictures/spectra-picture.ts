import { describeSpectrum, type WindowSpectrum } from '../../src/core/window-spectrum.ts';
import { createSpectrumPlan } from '../../src/core/power-spectrum.ts';
import { SIGNAL_HALF_WIDTH_BINS } from '../../src/core/spectral-error.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { gaussianJitter, hear, type Impairment, PERIODIC_STALL, randomLoss } from './measure.ts';
import { COLOUR } from './palette.ts';
import { createPlot, plain, type Plot, segment } from './plot.ts';
import { element, headHeight, pictureFile, short, text } from './svg.ts';

const TONE_HZ = 2.2;
const SECONDS = 60;
const WINDOW_SLOTS = 256;
const SAMPLE_RATE_HZ = 20;
const BIN_HZ = SAMPLE_RATE_HZ / WINDOW_SLOTS;
const BAND_HZ = SIGNAL_HALF_WIDTH_BINS * BIN_HZ;
const SPAN_HZ = 2.15;
const FLOOR_DB = -100;
const LINES = [
  `One window of a ${TONE_HZ} Hz tone, 12.8 s, as the receiver sees it; 0 dB is an undamaged tone. One bar is one bin.`,
  'Power within the shaded band (±2.5 bins) is signal; all the rest is noise. Error = noise / (signal + noise).',
];
const TOP = headHeight(LINES.length) + 24;
const HEIGHT = 96;
const PITCH = HEIGHT + 36;

interface Panel {
  readonly name: string;
  readonly impairment: Impairment | null;
}

const PANELS: readonly Panel[] = [
  { name: 'Clean', impairment: {} },
  { name: '20 % random loss', impairment: randomLoss(0.2) },
  { name: '20 ms of jitter', impairment: gaussianJitter(0.02) },
  { name: '20 ms more delay for 0.3 s, every 2 s: sidebands 0.5 Hz apart', impairment: PERIODIC_STALL },
  { name: 'Silence', impairment: null },
];

/** Five spectra, from clean to silence. */
export function drawSpectra(): string {
  const panels = PANELS.flatMap((panel, i) => drawPanel(panel, TOP + i * PITCH, i === PANELS.length - 1));
  return pictureFile({
    width: 720,
    height: TOP + PANELS.length * PITCH + 14,
    title: 'Five spectra',
    lines: LINES,
    body: panels,
  });
}

function drawPanel(panel: Panel, top: number, hasXTicks: boolean): string[] {
  const plot = createPlot({
    left: 62,
    top,
    width: 636,
    height: HEIGHT,
    x: {
      min: TONE_HZ - SPAN_HZ,
      max: TONE_HZ + SPAN_HZ,
      ticks: [0.2, 0.7, 1.2, 1.7, 2.2, 2.7, 3.2, 3.7, 4.2],
      format: (hz) => hz.toFixed(1),
      label: hasXTicks ? 'frequency, Hz (the middle 4.3 of 20)' : '',
    },
    y: { min: FLOOR_DB, max: 3, ticks: [-100, -50, 0], label: 'dB' },
    hasXTicks,
  });
  const { spectrum, caption } = panel.impairment ? heard(panel.impairment) : silence();
  return [
    shade(plot),
    plot.frame,
    ...bars(plot, spectrum),
    ...floorLine(plot, spectrum),
    ...captions(plot, panel.name, caption),
  ];
}

function captions(plot: Plot, name: string, caption: string): string[] {
  const { left, top, width } = plot.options;
  return [
    text(left, top - 9, name, { weight: 600 }),
    text(left + width, top - 9, caption, { anchor: 'end', fill: COLOUR.muted }),
  ];
}

function heard(impairment: Impairment): { spectrum: WindowSpectrum; caption: string } {
  const { stream, judgements } = hear(TONE_HZ, SECONDS, impairment);
  const spectrum = new WindowAnalyzer(WINDOW_SLOTS).spectrum(stream);
  const verdict = judgements.at(-1)?.verdict;
  if (!spectrum || !verdict) throw new Error('the simulated link gave no full window');
  const error = verdict.spectral_error ?? Number.NaN;
  const caption = `error ${error < 0.001 ? error.toFixed(6) : error.toFixed(3)} · SNR ${plain(Number((verdict.snr_db ?? Number.NaN).toFixed(1)))} dB`;
  return { spectrum, caption };
}

function silence(): { spectrum: WindowSpectrum; caption: string } {
  const plan = createSpectrumPlan(WINDOW_SLOTS);
  plan.transform();
  const spectrum = describeSpectrum(plan, { meanPower: 0, sampleRateHz: SAMPLE_RATE_HZ, toneHz: TONE_HZ });
  return { spectrum, caption: 'error 1, by definition · no SNR · status silent' };
}

function shade(plot: Plot): string {
  const { top, height } = plot.options;
  const [left, right] = [plot.x(TONE_HZ - BAND_HZ), plot.x(TONE_HZ + BAND_HZ)];
  return element('rect', {
    x: left,
    y: top,
    width: right - left,
    height,
    fill: COLOUR.lightTeal,
    'fill-opacity': '0.16',
  });
}

/** One path for the signal's bars and one for the noise's. */
function bars(plot: Plot, spectrum: WindowSpectrum): string[] {
  const paths = { signal: '', noise: '' };
  const bottom = plot.y(FLOOR_DB);
  spectrum.frequencies_hz.forEach((hz, i) => {
    const db = spectrum.power_db[i] ?? FLOOR_DB;
    if (Math.abs(hz - TONE_HZ) > SPAN_HZ || db <= FLOOR_DB) return;
    const part = Math.abs(hz - TONE_HZ) <= BAND_HZ ? 'signal' : 'noise';
    paths[part] += `M${short(plot.x(hz))} ${short(bottom)}V${short(plot.y(db))}`;
  });
  const draw = (d: string, stroke: string) => (d === '' ? '' : element('path', { d, stroke, 'stroke-width': 6.5 }));
  return [draw(paths.noise, COLOUR.amber), draw(paths.signal, COLOUR.teal)].filter((part) => part !== '');
}

/** Mean power of the noise's bins, over the whole spectrum and not only the part that is drawn. */
function floorLine(plot: Plot, spectrum: WindowSpectrum): string[] {
  const { left, width } = plot.options;
  const noise = spectrum.power_db.filter((_, i) => Math.abs((spectrum.frequencies_hz[i] ?? 0) - TONE_HZ) > BAND_HZ);
  const mean = noise.reduce((sum, db) => sum + 10 ** (db / 10), 0) / noise.length;
  const floorDb = 10 * Math.log10(mean);
  if (floorDb < FLOOR_DB) {
    const middle = plot.options.top + HEIGHT / 2 + 4;
    return [
      text(left + width / 2, middle, 'nothing came: no signal, and no noise', { anchor: 'middle', hasHalo: true }),
    ];
  }
  const y = plot.y(floorDb);
  return [
    segment({ x1: left, y1: y, x2: left + width, y2: y }, COLOUR.vermilion, '5 3'),
    text(left + 6, y - 15, `mean noise floor ${plain(Math.round(floorDb))} dB`, {
      size: 11,
      fill: COLOUR.vermilion,
      hasHalo: true,
    }),
  ];
}
