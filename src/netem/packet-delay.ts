import { createCorrelatedRandom } from './correlated-random.ts';
import { distributionTable, TABLE_SCALE } from './distribution-tables.ts';
import type { Impairment } from './impairment.ts';

/**
 * The delay of one packet after the other in nanoseconds, as `tabledist` of Linux' net/sched/sch_netem.c draws it. Can
 * be below 0 where a distribution is wider than its mean; such a packet is due at once.
 *
 * A correlation does little, as in the kernel, which takes the remainder of the correlated number (by 4096 for a table,
 * by twice the jitter without one): of what the number leaned on not much is left in that.
 *
 * @param random uniform unsigned 32 bit
 */
export function createPacketDelay(delay: Impairment['delay'], random: () => number): () => number {
  if (delay === null) return () => 0;
  const mean = Math.round(delay.seconds * 1e9);
  const spread = Math.round(delay.jitterSeconds * 1e9);
  if (spread === 0) return () => mean;
  const next = createCorrelatedRandom(delay.correlation, random);
  const table = distributionTable(delay.distribution);
  // Uniform from mean - spread up to, but not with, mean + spread.
  if (table === null) return () => (next() % (2 * spread)) + mean - spread;
  const whole = Math.trunc(spread / TABLE_SCALE);
  const rest = spread % TABLE_SCALE;
  return () => {
    const entry = table[next() % table.length] ?? 0;
    const half = entry >= 0 ? TABLE_SCALE / 2 : -TABLE_SCALE / 2;
    return Math.trunc((rest * entry + half) / TABLE_SCALE) + whole * entry + mean;
  };
}
