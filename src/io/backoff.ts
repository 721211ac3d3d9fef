export interface Backoff {
  /** The next wait, in milliseconds: doubling from the first to the longest, half of it random. */
  nextMs(): number;
  /** Starts again with the first wait. */
  reset(): void;
}

/**
 * Jittered exponential backoff, so that many clients of one restarted server do not all return at once.
 * @param options.random uniform in [0, 1)
 */
export function createBackoff(options: { initialMs: number; maxMs: number; random: () => number }): Backoff {
  const { initialMs, maxMs, random } = options;
  let waitMs = initialMs;
  return {
    nextMs() {
      const currentMs = waitMs;
      waitMs = Math.min(waitMs * 2, maxMs);
      return currentMs * (0.5 + random() / 2);
    },
    reset() {
      waitMs = initialMs;
    },
  };
}
