/** How the page stands with the controller. Times in Unix seconds, the browser's clock. */
export type ConnectionState =
  /** For the first time. */
  | { readonly kind: 'connecting' }
  /**
   * `droppedMessages`: how many the controller left out because this page or its link is too slow, and when that was last
   * said; null: never.
   */
  | { readonly kind: 'live'; readonly droppedMessages: number; readonly droppedAtSeconds: number | null }
  /** What is shown is what was known. `retryAtSeconds` is past while it is being tried. */
  | { readonly kind: 'lost'; readonly sinceSeconds: number; readonly retryAtSeconds: number }
  /** The controller answers, and wants a token, or another origin. */
  | { readonly kind: 'refused'; readonly detail: string };

const FIRST_DELAY_SECONDS = 0.5;
const LONGEST_DELAY_SECONDS = 15;

/**
 * How long to wait before the next try. Doubles with every failure; the random half keeps many pages from coming back at
 * once.
 * @param failures tries that failed so far, at least 1
 * @param random 0 ≤ x < 1
 */
export function retryDelaySeconds(failures: number, random: number): number {
  const longest = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + 0.5 * random);
}
