import type { Distribution } from './impairment.ts';

/** What stands for one σ in a table: `NETEM_DIST_SCALE`. */
export const TABLE_SCALE = 8192;
/** Entries in a table. */
const TABLE_SIZE = 4096;

const MIN_ENTRY = -32_768;
const MAX_ENTRY = 32_767;
/** Of the Pareto distribution. */
const SHAPE = 3;

const made = new Map<Distribution, Int16Array>();

/**
 * The table that `tc` loads for a distribution: its inverse cumulative distribution, deviations from the mean in units
 * of σ / 8192. The same numbers as in iproute2's normal.dist, pareto.dist and paretonormal.dist; made on first use.
 *
 * @returns null for `uniform`, which needs none
 */
export function distributionTable(distribution: Distribution): Int16Array | null {
  if (distribution === 'uniform') return null;
  const table = made.get(distribution) ?? makeTable(distribution);
  made.set(distribution, table);
  return table;
}

function makeTable(distribution: Exclude<Distribution, 'uniform'>): Int16Array {
  const shares = Array.from({ length: TABLE_SIZE }, (_, index) => index / TABLE_SIZE);
  if (distribution === 'pareto') return Int16Array.from(shares, paretoEntry);
  const normal = normalEntries();
  if (distribution === 'normal') return Int16Array.from(normal, clamp);
  // A quarter normal and three quarters Pareto, which looks like measured delays (NIST Net).
  const mixed = shares.map((share, index) => Math.trunc(((normal[index] ?? 0) + 3 * paretoEntry(share)) / 4));
  return Int16Array.from(mixed, clamp);
}

/**
 * Quantile of a Pareto distribution of shape 3, moved and stretched; cut at 4 σ, it keeps a mean of -0.03 σ and a spread
 * of 0.82 σ.
 */
function paretoEntry(share: number): number {
  const quantile = (1 - share) ** (-1 / SHAPE);
  return roundHalfEven(Math.min((quantile - 1.5) * (4 / 3) * TABLE_SCALE, MAX_ENTRY));
}

/**
 * Walks along the normal distribution on the grid of 0.00005 σ that NIST Net uses, with the area under the curve by
 * Simpson's rule, and notes the last point of each share of 1/16384; every fourth goes into the table.
 */
function normalEntries(): Int32Array {
  const step = 0.00005;
  const finest = 4 * TABLE_SIZE;
  const entries = new Int32Array(TABLE_SIZE);
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let area = 0;
  for (let point = -200_000; point < 200_000; point++) {
    const x = point * step;
    const index = Math.round(finest * area);
    if (index % 4 === 0 && index < finest) entries[index / 4] = Math.round(x * TABLE_SCALE);
    area += (step / 6) * (density(x) + 4 * density(x + step / 2) + density(x + step));
  }
  return entries;
}

function clamp(entry: number): number {
  return Math.max(MIN_ENTRY, Math.min(MAX_ENTRY, entry));
}

/** As C's rint; exact halves occur in the Pareto table. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
