import { toFixedPoint } from './fixed-point.ts';

/**
 * Uniform 32 bit numbers, each of which leans on the one before: `get_crandom` of Linux' net/sched/sch_netem.c, in the
 * same fixed point, so that the same draws give the same numbers.
 *
 * As there, a correlation does more than its name: numbers are averaged, so they keep to the middle and their spread
 * shrinks; of uniform ones with correlation c to sqrt((1 - c) / (1 + c)).
 *
 * @param random uniform unsigned 32 bit
 */
export function createCorrelatedRandom(correlation: number, random: () => number): () => number {
  const rho = toFixedPoint(correlation);
  if (rho === 0) return random;
  const weight = BigInt(rho) + 1n;
  let last = BigInt(random());
  return () => {
    const value = BigInt(random());
    last = (value * (2n ** 32n - weight) + last * weight) >> 32n;
    return Number(last);
  };
}
