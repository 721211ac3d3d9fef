import type { TimeBand } from './time-bands.ts';

/** More rows than these would be more than one reads. */
const MOST_LANES = 3;

/** Bands in rows: first chaos, then faults, and what lasts at once not in one row as long as there are rows. */
export function lanesOf(bands: readonly TimeBand[]): readonly (readonly TimeBand[])[] {
  return (['chaos', 'fault'] as const).flatMap((kind) => lanesOfKind(bands.filter((band) => band.kind === kind)));
}

function lanesOfKind(bands: readonly TimeBand[]): readonly (readonly TimeBand[])[] {
  const lanes: TimeBand[][] = [];
  for (const band of bands) {
    const free = lanes.find((lane) => (lane.at(-1)?.until ?? Infinity) <= band.from);
    if (free !== undefined) free.push(band);
    else if (lanes.length < MOST_LANES) lanes.push([band]);
    else lanes.at(-1)?.push(band);
  }
  return lanes;
}
