import type { TimeBand } from './time-bands.ts';

/** More rows than these would be more than one reads. */
const MOST_LANES = 3;

/**
 * Bands in rows: first chaos, then faults. What lasts at once is not in one row, as long as there are rows; what lasts
 * longest has one first. In a row they are in the order of time.
 */
export function lanesOf(bands: readonly TimeBand[]): readonly (readonly TimeBand[])[] {
  return (['chaos', 'fault'] as const).flatMap((kind) => lanesOfKind(bands.filter((band) => band.kind === kind)));
}

function lanesOfKind(bands: readonly TimeBand[]): readonly (readonly TimeBand[])[] {
  const lanes: TimeBand[][] = [];
  for (const band of bands.toSorted(longerFirst)) {
    const free = lanes.find((lane) => !lane.some((other) => overlap(band, other)));
    if (free !== undefined) free.push(band);
    else if (lanes.length < MOST_LANES) lanes.push([band]);
    else lanes.at(-1)?.push(band);
  }
  return lanes.map((lane) => lane.toSorted((a, b) => a.from - b.from));
}

/** What still lasts is longest; of two of these the one that began first. */
function longerFirst(a: TimeBand, b: TimeBand): number {
  if (a.until === null || b.until === null)
    return Number(a.until !== null) - Number(b.until !== null) || a.from - b.from;
  return b.until - b.from - (a.until - a.from) || a.from - b.from;
}

function overlap(a: TimeBand, b: TimeBand): boolean {
  return a.from < (b.until ?? Infinity) && b.from < (a.until ?? Infinity);
}
