import type { CentredSpectrum } from './frequency-axis.ts';
import { orderIn, type LineFamily } from './line-families.ts';
import { periodWords, spanWords, threeDigits, withUnit } from '../words/number-words.ts';
import { noiseFloorDb, type SpectralLine } from './spectral-lines.ts';

/** An offset from the tone: `+0.200 Hz`. */
export function offsetWords(offsetHz: number): string {
  return `${offsetHz > 0 ? '+' : ''}${withUnit(offsetHz, 'Hz')}`;
}

/** What a spectrum shows, for those who do not see it. */
export function spectrumSentence(spectrum: CentredSpectrum | null, lines: readonly SpectralLine[]): string {
  if (spectrum === null) return 'No spectrum yet: too few samples were heard.';
  const floor = noiseFloorDb(spectrum);
  const tone = `Spectrum: a tone expected at ${withUnit(spectrum.toneHz, 'Hz')}`;
  const ground = floor === null ? '' : `, noise floor at ${withUnit(floor, 'dB')}`;
  const found = lines.map((line) => `${offsetWords(line.offsetHz)} at ${withUnit(line.powerDb, 'dB')}`);
  if (found.length === 0) return `${tone}${ground}; no line stands above the floor.`;
  return `${tone}${ground}; ${found.length} lines above the floor: ${found.join(', ')} from the tone.`;
}

/**
 * What the lines mean, in a sentence; the lines are noise or the tone itself where there are none. `isSteady`: windows
 * before had the same period, so that it is no chance.
 */
export function linesSentence(
  lines: readonly SpectralLine[],
  { family, isSteady }: { readonly family: LineFamily | null; readonly isSteady: boolean },
): string {
  const [first] = lines.toSorted((a, b) => b.powerDb - a.powerDb);
  if (first === undefined) return 'No line stands above the floor: nothing periodic is heard.';
  if (family === null) {
    return `A line ${offsetWords(first.offsetHz)} from the tone: something with a period of ${periodWords(first.periodSeconds)}.`;
  }
  const all = family.lines.length === lines.length ? `${lines.length}` : `${family.lines.length} of ${lines.length}`;
  const multiples = `${all} lines are multiples of ${withUnit(family.spacingHz, 'Hz')}`;
  const period = periodWords(family.periodSeconds);
  if (isSteady) return `${multiples}: something happens every ${period}.`;
  return `${multiples}: of a period of ${period}, if it is still there when this window is over.`;
}

/** A line's label: where it is, and how often what it tells of happens. */
export interface LineLabel {
  readonly line: SpectralLine;
  readonly words: readonly [string, string];
}

/** Labels, the most important first: of a family its first pair, since the others say the same; and all others. */
export function lineLabels(lines: readonly SpectralLine[], family: LineFamily | null): readonly LineLabel[] {
  const labels = lines.flatMap((line): (LineLabel & { rank: number })[] => {
    const order = orderIn(family, line);
    if (family === null || order === null) {
      return [{ line, words: [offsetWords(line.offsetHz), periodWords(line.periodSeconds)], rank: line.powerDb }];
    }
    if (Math.abs(order) !== 1) return [];
    const words = [offsetWords(order * family.spacingHz), `every ${periodWords(family.periodSeconds)}`] as const;
    return [{ line, words, rank: Infinity }];
  });
  return labels.toSorted((a, b) => b.rank - a.rank);
}

/** The lines as words; of a family both lines of an order together. */
export function lineItems(lines: readonly SpectralLine[], family: LineFamily | null): readonly string[] {
  const strongest = new Map<number, number>();
  const single: string[] = [];
  for (const line of lines) {
    const order = orderIn(family, line);
    if (order === null) single.push(`${offsetWords(line.offsetHz)}, ${withUnit(line.powerDb, 'dB')}`);
    else strongest.set(Math.abs(order), Math.max(line.powerDb, strongest.get(Math.abs(order)) ?? -Infinity));
  }
  const spacing = withUnit(family?.spacingHz ?? null, 'Hz');
  const orders = [...strongest].toSorted(([a], [b]) => a - b);
  return [...orders.map(([order, power]) => `±${order} × ${spacing}, ${withUnit(power, 'dB')}`), ...single];
}

/** What is read at a place: frequency, power, and the period that a line there would have. */
export function readingWords(reading: { offsetHz: number; powerDb: number }, spectrum: { toneHz: number }): string {
  const { offsetHz, powerDb } = reading;
  const period = Math.abs(offsetHz) < 1e-9 ? 'the tone' : `period ${spanWords(1 / Math.abs(offsetHz))}`;
  const absolute = `${threeDigits(spectrum.toneHz + offsetHz)}\u202fHz`;
  return `${offsetWords(offsetHz)} (${absolute}) · ${withUnit(powerDb, 'dB')} · ${period}`;
}
