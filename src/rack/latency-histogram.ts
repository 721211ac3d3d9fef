import { LATENCY_BUCKETS_MS } from '../metrics/buckets.ts';
import { HistogramCounts } from '../metrics/histogram-counts.ts';

/**
 * Distribution of the one-way latency of every sample, as the two clocks tell it. Clocks that are not synchronised
 * shift it; what would be below zero counts as zero.
 */
export class LatencyHistogram {
  readonly #counts = new HistogramCounts(LATENCY_BUCKETS_MS);

  observe(latencySeconds: number): void {
    this.#counts.observe(Math.max(0, latencySeconds * 1000));
  }

  /** Of `netwatch_latency_ms`. */
  get bucketCounts(): Float64Array {
    return this.#counts.bucketCounts;
  }

  get sumMs(): number {
    return this.#counts.sum;
  }

  get count(): number {
    return this.#counts.count;
  }
}
