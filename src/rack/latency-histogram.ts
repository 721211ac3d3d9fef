/** Upper bounds of `netwatch_latency_ms`; above the last there is one more bucket. */
const BOUNDS_MS = [1, 5, 10, 25, 50, 100, 250, 500, 1000] as const;

/**
 * Distribution of the one-way latency of every sample, as the two clocks tell it. Clocks that are not synchronised
 * shift it; what would be below zero counts as zero.
 */
export class LatencyHistogram {
  /** Observations in each bucket, not cumulative, the last one above all bounds; then their sum in ms. */
  readonly #words = new Float64Array(BOUNDS_MS.length + 2);

  observe(latencySeconds: number): void {
    const latencyMs = Math.max(0, latencySeconds * 1000);
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && latencyMs > (BOUNDS_MS[bucket] ?? 0)) bucket++;
    this.#words[bucket] = (this.#words[bucket] ?? 0) + 1;
    const sum = this.#words.length - 1;
    this.#words[sum] = (this.#words[sum] ?? 0) + latencyMs;
  }

  get bucketCounts(): Float64Array {
    return this.#words.subarray(0, BOUNDS_MS.length);
  }

  get sumMs(): number {
    return this.#words.at(-1) ?? 0;
  }

  get count(): number {
    return this.#words.subarray(0, -1).reduce((total, count) => total + count, 0);
  }
}
