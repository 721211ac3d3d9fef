/**
 * The cumulative sum of Page (1954): steps are log likelihood ratios, their sum never falls below 0, and it tells of a
 * change when it reaches a threshold. The change most likely began when the sum last was 0. Steps are clipped (after
 * Huber 1965), so that no single sample, however wild, is more than a part of the proof.
 */
export class ClippedCusum {
  /** The sum, in nats: a log likelihood ratio. */
  level = 0;
  /** When it last rose from 0, unix seconds. */
  sinceSeconds = 0;
  readonly #clip: number;
  readonly #threshold: number;

  /** Both in nats: how much one step may prove, and how much is proof. */
  constructor(clip: number, threshold: number) {
    this.#clip = clip;
    this.#threshold = threshold;
  }

  /** Forgets what was added. */
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
    // So put, a step that is no number ends the sum too.
    if (!(level > 0)) {
      this.level = 0;
      return false;
    }
    if (before === 0) this.sinceSeconds = seconds;
    this.level = Math.min(level, 4 * this.#threshold);
    return level >= this.#threshold;
  }
}
