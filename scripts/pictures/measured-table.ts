import { listen, meanError } from '../../test/support/simulated-link.ts';
import {
  arrivalsOf,
  FULL_WINDOW_SECONDS,
  gaussianJitter,
  hear,
  type Impairment,
  measuredError,
  PERIODIC_STALL,
  randomLoss,
} from './measure.ts';
import { naiveError } from './naive-reading.ts';
import { jitterError, TONES } from './tones.ts';

/** Length of each simulated link. */
export const TABLE_SECONDS = 240;

interface Row {
  readonly condition: string;
  readonly theory: string;
  readonly errorAt: (toneHz: number) => number;
}

const slowSwing: Impairment = { network: (elapsed) => 0.02 * Math.sin((2 * Math.PI * elapsed) / 20) };
const constantDelay: Impairment = { network: () => 0.2 };
const delayAndLoss: Impairment = { network: (_, random) => (random.uniform() < 0.2 ? null : 0.2) };
const slowTimer: Impairment = { intervalSeconds: 0.053, isReal: true, bootId: null };
const noise: Impairment = { distort: (sample, random) => ({ ...sample, re: random.normal(), im: random.normal() }) };

const ROWS: readonly Row[] = [
  row('clean', '0', {}),
  ...[0.01, 0.05, 0.2, 0.5].map((p) => row(`random loss, p = ${p}`, String(p), randomLoss(p))),
  ...[0.005, 0.02].map((sigma) => row(`jitter, σ = ${sigma * 1000} ms`, jitterTheory(sigma), gaussianJitter(sigma))),
  row('20 ms more for 0.3 s, every 2 s', stallTheory(), PERIODIC_STALL),
  row('20 ms more and less, in a swing of 20 s', '0', slowSwing),
  row('200 ms more from the start', '0', constantDelay),
  { condition: '200 ms more, once the step has left the window', theory: '0', errorAt: errorAfterStep },
  row('200 ms more and loss, p = 0.2', '0.2', delayAndLoss),
  { condition: 'one second without samples, the worst window', theory: 'no formula', errorAt: worstErrorOfGap },
  row('clock skew 500 ppm', '0', { skewPpm: 500, clockOffsetSeconds: -3 }),
  row('real samples, every 53 ms and not 50', '0', slowTimer),
  { condition: 'another tone, 0.05 Hz away', theory: '1', errorAt: errorOfNeighbour },
  row('noise in place of the tone', '1', noise),
  { condition: 'silence', theory: '1', errorAt: errorOfSilence },
];

/** The conditions that say most to somebody in a hurry. */
const SHORT_CONDITIONS: ReadonlySet<string> = new Set([
  'clean',
  'random loss, p = 0.01',
  'random loss, p = 0.05',
  'random loss, p = 0.2',
  'jitter, σ = 20 ms',
  '200 ms more from the start',
  'clock skew 500 ppm',
  'another tone, 0.05 Hz away',
  'silence',
]);

/** Mean spectral error of each condition at each tone, as a Markdown table. */
export function measuredTable(): string {
  const head = ['condition', 'theory', ...TONES.map(({ hz }) => `${hz.toFixed(2)} Hz`)];
  const rows = ROWS.map(({ condition, theory, errorAt }) => [
    condition,
    theory,
    ...TONES.map(({ hz }) => errorAt(hz).toFixed(4)),
  ]);
  return markdownTable(head, rows);
}

/** The most telling rows of the same, at the lowest and the highest tone. */
export function shortTable(): string {
  const tones = [1, 4.35];
  const rows = ROWS.filter(({ condition }) => SHORT_CONDITIONS.has(condition)).map(({ condition, errorAt }) => [
    condition,
    ...tones.map((hz) => errorAt(hz).toFixed(3)),
  ]);
  return markdownTable(['what is wrong with the link', ...tones.map((hz) => `error at ${hz.toFixed(2)} Hz`)], rows);
}

/** The same links read by a plain transform of what arrives, beside this receiver. */
export function naiveTable(): string {
  const conditions: readonly (readonly [string, Impairment])[] = [
    ['clean', {}],
    ['random loss, p = 0.05', randomLoss(0.05)],
    ['random loss, p = 0.2', randomLoss(0.2)],
    ['jitter, σ = 20 ms', gaussianJitter(0.02)],
    ['real samples, every 53 ms and not 50', slowTimer],
  ];
  const tones = [1, 4.35];
  const head = ['condition', ...tones.flatMap((hz) => [`naive, ${hz.toFixed(2)} Hz`, `NetWatch, ${hz.toFixed(2)} Hz`])];
  const rows = conditions.map(([condition, impairment]) => [
    condition,
    ...tones.flatMap((hz) => {
      const naive = naiveError(hz, TABLE_SECONDS, impairment);
      return [naive, measuredError(hz, TABLE_SECONDS, impairment)].map((error) => error.toFixed(3));
    }),
  ]);
  return markdownTable(head, rows);
}

function row(condition: string, theory: string, impairment: Impairment): Row {
  return { condition, theory, errorAt: (toneHz) => measuredError(toneHz, TABLE_SECONDS, impairment) };
}

function jitterTheory(sigmaSeconds: number): string {
  return perTone((hz) => jitterError(hz, sigmaSeconds));
}

/** For a share d of the time the slots are turned by φ = 2πf·0.02 s: d(1 − d)·|1 − e^{−jφ}|². */
function stallTheory(): string {
  return perTone((hz) => 0.15 * 0.85 * (2 - 2 * Math.cos(2 * Math.PI * hz * 0.02)));
}

function perTone(errorAt: (toneHz: number) => number): string {
  return TONES.map(({ hz }) => errorAt(hz).toFixed(3)).join(' · ');
}

function errorAfterStep(toneHz: number): number {
  const { judgements } = hear(toneHz, 120, { network: (elapsed) => (elapsed < 30 ? 0 : 0.2) });
  return meanError(judgements, 30 + FULL_WINDOW_SECONDS);
}

/** The highest error but for the verdict that falls into the gap itself and says silent. */
function worstErrorOfGap(toneHz: number): number {
  const { judgements } = hear(toneHz, 90, { network: (elapsed) => (elapsed >= 60 && elapsed < 61 ? null : 0) });
  const heard = judgements.slice(FULL_WINDOW_SECONDS).filter(({ verdict }) => verdict.status !== 'silent');
  return Math.max(...heard.map(({ verdict }) => verdict.spectral_error ?? Number.NaN));
}

/** The link sings 0.05 Hz higher than the receiver expects. */
function errorOfNeighbour(toneHz: number): number {
  const arrivals = arrivalsOf(toneHz + 0.05, TABLE_SECONDS, {});
  return meanError(listen(arrivals, { toneHz }).judgements, FULL_WINDOW_SECONDS);
}

function errorOfSilence(toneHz: number): number {
  const { judgements } = listen(arrivalsOf(toneHz, 30, {}), { toneHz, untilSeconds: 40 });
  return judgements.at(-1)?.verdict.spectral_error ?? Number.NaN;
}

/** Padded as the formatter would pad it. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
