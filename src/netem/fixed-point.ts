/** The largest unsigned 32 bit number, which stands for a chance of 1. */
const UINT32_MAX = 0xffff_ffff;

/** A chance from 0 to 1 as tc hands it to the kernel: a share of 2^32 - 1. */
export function toFixedPoint(ratio: number): number {
  return Math.round(ratio * UINT32_MAX);
}

/** A uniform number below a bound from a uniform 32 bit number, as the kernel's `get_random_u32_below`. */
export function scaleBelow(random: number, bound: number): number {
  return Math.floor((random / 2 ** 32) * bound);
}
