/** Words of memory that the counts of a histogram of these bounds take. */
export function histogramWords(bounds: readonly number[]): number {
  return bounds.length + 2;
}

/** What was observed of one series of a histogram, in a fixed memory, which threads may share when one of them writes. */
export class HistogramCounts {
  readonly #bounds: readonly number[];
  /** Observations in each bucket, not cumulative, the last one above all bounds; then their sum. */
  readonly #words: Float64Array;

  /**
   * @param bounds upper bounds of the buckets, ascending, without +Inf
   * @param words the memory, `histogramWords(bounds)` long; its own unless given
   */
  constructor(bounds: readonly number[], words: Float64Array = new Float64Array(histogramWords(bounds))) {
    this.#bounds = bounds;
    this.#words = words;
  }

  observe(value: number): void {
    const words = this.#words;
    let bucket = 0;
    while (value > (this.#bounds[bucket] ?? Infinity)) bucket++;
    words[bucket] = (words[bucket] ?? 0) + 1;
    const sum = words.length - 1;
    words[sum] = (words[sum] ?? 0) + value;
  }

  /** Observations in each bucket, not cumulative, and above the last bound. */
  get allCounts(): Float64Array {
    return this.#words.subarray(0, -1);
  }

  /** The same without those above the last bound, as a source of metrics has it. */
  get bucketCounts(): Float64Array {
    return this.#words.subarray(0, -2);
  }

  /** Sum of all observations. */
  get sum(): number {
    return this.#words.at(-1) ?? 0;
  }

  /** Number of all observations. */
  get count(): number {
    return this.allCounts.reduce((total, count) => total + count, 0);
  }
}
