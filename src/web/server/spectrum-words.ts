import type { CentredSpectrum } from './frequency-axis.ts';
import type { LineFamily } from './line-families.ts';
import { spanWords, threeDigits, withUnit } from './number-words.ts';
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

/** What the lines mean, in a sentence; the lines are noise or the tone itself where there are none. */
export function linesSentence(lines: readonly SpectralLine[], family: LineFamily | null): string {
  const [first] = lines.toSorted((a, b) => b.powerDb - a.powerDb);
  if (first === undefined) return 'No line stands above the floor: nothing periodic is heard.';
  if (family === null) {
    return `A line ${offsetWords(first.offsetHz)} from the tone: something with a period of ${spanWords(first.periodSeconds)}.`;
  }
  const all = family.lines.length === lines.length ? `${lines.length}` : `${family.lines.length} of ${lines.length}`;
  return `${all} lines are multiples of ${withUnit(family.spacingHz, 'Hz')}: something happens every ${spanWords(family.periodSeconds)}.`;
}

/** What is read at a place: frequency, power, and the period that a line there would have. */
export function readingWords(reading: { offsetHz: number; powerDb: number }, spectrum: { toneHz: number }): string {
  const { offsetHz, powerDb } = reading;
  const period = Math.abs(offsetHz) < 1e-9 ? 'the tone' : `period ${spanWords(1 / Math.abs(offsetHz))}`;
  const absolute = `${threeDigits(spectrum.toneHz + offsetHz)}\u202fHz`;
  return `${offsetWords(offsetHz)} (${absolute}) · ${withUnit(powerDb, 'dB')} · ${period}`;
}
