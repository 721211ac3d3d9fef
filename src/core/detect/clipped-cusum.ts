/**
 * The cumulative sum of Page (1954): steps are log likelihood ratios, their sum never falls below 0, and it tells of a
 * change when it reaches a threshold. The change most likely began when the sum last was 0. Steps are clipped (after
 * Huber 1965), so that no single sample, however wild, is more than a part of the proof.
 */
export class ClippedCusum {
  level = 0;
  sinceSeconds = 0;
  readonly #clip: number;
  readonly #threshold: number;

  constructor(clip: number, threshold: number) {
    this.#clip = clip;
    this.#threshold = threshold;
  }

  reset(): void {
    this.level = 0;
  }

  /**
   * Adds one step. The level is kept at four thresholds at most, so that it falls again in bounded time.
   * @returns true while the threshold is reached
   */
  add(step: number, seconds: number): boolean {
    const before = this.level;
    const clipped = step > this.#clip ? this.#clip : step < -this.#clip ? -this.#clip : step;
    const level = before + clipped;
    if (!(level > 0)) {
      this.level = 0;
      return false;
    }
    if (before === 0) this.sinceSeconds = seconds;
    this.level = Math.min(level, 4 * this.#threshold);
    return level >= this.#threshold;
  }
}
