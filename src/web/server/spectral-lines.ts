import { SIGNAL_HALF_WIDTH_BINS } from '../../core/spectral-error.ts';
import type { CentredSpectrum } from './frequency-axis.ts';

/** How often a window of pure noise may show a line that is none. */
const FALSE_ALARM = 1e-3;
/** Lines further below a clean tone than this are nobody's concern: rounding, and timers of the sender. */
const FAINTEST_DB = -70;
/** A Hann window's own lobes keep two lines apart that are so many bins apart. */
const LOBE_BINS = 2;
/** Lines that are told, the strongest. */
const MAX_LINES = 12;

/** Something periodic beside the tone. */
export interface SpectralLine {
  /** From the tone, to a fraction of a bin. */
  readonly offsetHz: number;
  readonly powerDb: number;
  /** Of whatever it is that happens again and again: 1 / |offset|. */
  readonly periodSeconds: number;
}

/** Half width of the band that is the tone's, Hz. */
export function toneBandHz(binWidthHz: number): number {
  return SIGNAL_HALF_WIDTH_BINS * binWidthHz;
}

/** The noise floor: median power of the bins outside the tone's band, dB; null where there are none. */
export function noiseFloorDb(spectrum: CentredSpectrum): number | null {
  const band = toneBandHz(spectrum.binWidthHz);
  const outside = spectrum.powerDb.filter((_, at) => Math.abs(spectrum.offsetsHz[at] ?? 0) > band).toSorted();
  return outside[outside.length >> 1] ?? null;
}

/**
 * How far above the median a bin must stand to be no chance. In noise a bin's power is exponentially distributed: the
 * largest of n exceeds x means with a chance of about n·e^{−x}, and the median is ln 2 means.
 */
export function lineThresholdDb(bins: number): number {
  return 10 * Math.log10(Math.log(Math.max(bins, 2) / FALSE_ALARM) / Math.LN2);
}

/** Lines outside the tone's own lobe that stand above the noise floor by more than chance, by their offset. */
export function findLines(spectrum: CentredSpectrum): readonly SpectralLine[] {
  const floor = noiseFloorDb(spectrum);
  if (floor === null) return [];
  const { powerDb, offsetsHz, binWidthHz } = spectrum;
  const least = Math.max(floor + lineThresholdDb(powerDb.length), FAINTEST_DB);
  const lines: SpectralLine[] = [];
  for (let at = 0; at < powerDb.length; at++) {
    const power = powerDb[at] ?? -Infinity;
    if (power < least || !isPeak(powerDb, at)) continue;
    const offsetHz = (offsetsHz[at] ?? 0) + peakShift(powerDb, at) * binWidthHz;
    if (Math.abs(offsetHz) < LOBE_BINS * binWidthHz) continue;
    lines.push({ offsetHz, powerDb: power, periodSeconds: 1 / Math.abs(offsetHz) });
  }
  return lines
    .toSorted((a, b) => b.powerDb - a.powerDb)
    .slice(0, MAX_LINES)
    .toSorted((a, b) => a.offsetHz - b.offsetHz);
}

function isPeak(powerDb: Float64Array, at: number): boolean {
  const size = powerDb.length;
  const here = powerDb[at] ?? 0;
  return here > (powerDb[(at + size - 1) % size] ?? 0) && here >= (powerDb[(at + 1) % size] ?? 0);
}

/** Where between the bins the peak is, −0.5 to 0.5: a parabola through three values in dB, near enough for a Hann lobe. */
function peakShift(powerDb: Float64Array, at: number): number {
  const size = powerDb.length;
  const below = powerDb[(at + size - 1) % size] ?? 0;
  const here = powerDb[at] ?? 0;
  const above = powerDb[(at + 1) % size] ?? 0;
  const curvature = below - 2 * here + above;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (below - above)) / curvature)) : 0;
}
