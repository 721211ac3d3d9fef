/** What has reached a threshold leaves it only below this share of it: what is at its edge does not go to and fro. */
const LEAVING_SHARE = 0.8;

/**
 * How many of the thresholds, ascending, a value has reached.
 * @param before how many it had reached when it was last looked at
 */
export function reachedThresholds(value: number, thresholds: readonly number[], before: number): number {
  let reached = 0;
  for (const [i, threshold] of thresholds.entries()) {
    if (value >= (i < before ? LEAVING_SHARE * threshold : threshold)) reached = i + 1;
  }
  return reached;
}
