/** Most at once, and how long it takes until there is one more. */
const MOST = 64;
const REFILL_SECONDS = 5;

/**
 * How many beginnings of faults a rack may tell: 64 at once, and one every 5 s after that (a token bucket). Pure: times
 * are arguments.
 */
export class TellingBudget {
  #left = MOST;
  #filledSeconds = Number.NEGATIVE_INFINITY;

  /**
   * Takes one; false when nothing is left.
   * @param seconds of the report; when its clock was set back, no time has passed
   */
  take(seconds: number): boolean {
    if (this.#left === MOST || seconds < this.#filledSeconds) this.#filledSeconds = seconds;
    const filled = Math.floor((seconds - this.#filledSeconds) / REFILL_SECONDS);
    if (filled > 0) {
      this.#left = Math.min(MOST, this.#left + filled);
      this.#filledSeconds += filled * REFILL_SECONDS;
    }
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
