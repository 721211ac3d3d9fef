import type { FrameRing } from '../store/frame-ring.ts';
import { centredOf, type CentredSpectrum } from './frequency-axis.ts';

/** Time over which a spectrum is averaged. */
const MEAN_SECONDS = 60;
/** Fewer frames than this are no mean worth showing. */
const FEWEST = 8;

/** Mean power of each bin over the last minute of frames that have the newest one's bins; null while there are too few. */
export function meanSpectrum(frames: Pick<FrameRing, 'length' | 'at' | 'newest'>): CentredSpectrum | null {
  const newest = frames.newest;
  const latest = newest === null ? null : centredOf(newest);
  if (newest === null || latest === null) return null;
  const sums = new Float64Array(latest.powerDb.length);
  let count = 0;
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames.at(index);
    if (frame === null || newest.timestamp - frame.timestamp > MEAN_SECONDS) break;
    const spectrum = centredOf(frame);
    if (spectrum?.powerDb.length !== sums.length || spectrum.toneHz !== latest.toneHz) continue;
    for (let bin = 0; bin < sums.length; bin++)
      sums[bin] = (sums[bin] ?? 0) + 10 ** ((spectrum.powerDb[bin] ?? 0) / 10);
    count++;
  }
  if (count < FEWEST) return null;
  return { ...latest, powerDb: sums.map((sum) => 10 * Math.log10(sum / count)) };
}
