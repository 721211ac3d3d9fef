/** Largest |in-phase| and |quadrature| a rack believes. A tone has amplitude 1; beyond this it is not one. */
export const MAX_AMPLITUDE = 1e6;

/** Send times are below this many seconds since the epoch: what 64 bits of nanoseconds hold. */
export const MAX_SENT_SECONDS = 2 ** 64 / 1e9;

/** What is wrong with the numbers of a sample, in either form; null when nothing is. */
export function valueFault(sentSeconds: number, re: number, im: number): 'not-finite' | 'out-of-range' | null {
  if (!Number.isFinite(sentSeconds) || !Number.isFinite(re) || !Number.isFinite(im)) return 'not-finite';
  if (sentSeconds <= 0 || sentSeconds >= MAX_SENT_SECONDS) return 'out-of-range';
  return Math.abs(re) <= MAX_AMPLITUDE && Math.abs(im) <= MAX_AMPLITUDE ? null : 'out-of-range';
}
