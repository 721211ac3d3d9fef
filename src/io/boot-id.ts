/**
 * Draws the number that tells one start of a process from another: unsigned 32 bit.
 * @param random uniform in [0, 1)
 */
export function drawBootId(random: () => number): number {
  return Math.floor(random() * 2 ** 32);
}
