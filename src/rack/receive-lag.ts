import { LAG_BUCKETS_SECONDS } from '../metrics/buckets.ts';
import { HistogramCounts, histogramWords } from '../metrics/histogram-counts.ts';

/** How often the receive thread proves that it listens. */
export const BEAT_MS = 20;
const LISTENED_UNTIL = 0;
const HISTOGRAM = 1;
const WORDS = HISTOGRAM + histogramWords(LAG_BUCKETS_SECONDS);

/** The memory both threads share; structured-cloneable. */
export type ReceiveLagMemory = SharedArrayBuffer;

export function allocateReceiveLag(): ReceiveLagMemory {
  return new SharedArrayBuffer(8 * WORDS + Int32Array.BYTES_PER_ELEMENT);
}

/**
 * How late the receive thread was, in its own words: every beat it notes how far behind its timer it came. A late beat
 * means that datagrams too may have been stamped late. Each word is written by one thread only, but for the worst lag,
 * which is taken atomically; a torn view across words is harmless.
 */
export class ReceiveLag {
  readonly #words: Float64Array;
  readonly #histogram: HistogramCounts;
  /** The worst lag that nobody took yet, µs. */
  readonly #worstUs: Int32Array;

  constructor(memory: ReceiveLagMemory) {
    this.#words = new Float64Array(memory, 0, WORDS);
    this.#histogram = new HistogramCounts(LAG_BUCKETS_SECONDS, this.#words.subarray(HISTOGRAM));
    this.#worstUs = new Int32Array(memory, 8 * WORDS, 1);
  }

  /** Receive thread: a beat came this late. */
  note(lagSeconds: number): void {
    this.#histogram.observe(lagSeconds);
    const lagUs = Math.min(Math.round(lagSeconds * 1e6), 2 ** 31 - 1);
    if (lagUs > Atomics.load(this.#worstUs, 0)) Atomics.store(this.#worstUs, 0, lagUs);
  }

  /** Receive thread: everything that came before this time (unix seconds) has been taken from the socket. */
  noteListened(untilSeconds: number): void {
    this.#words[LISTENED_UNTIL] = untilSeconds;
  }

  /** Until when the receive thread has surely listened, unix seconds; 0 before its first beat. */
  get listenedUntilSeconds(): number {
    return this.#words[LISTENED_UNTIL] ?? 0;
  }

  /** The worst lag since the last call, seconds, to the microsecond. */
  takeMaxSeconds(): number {
    return Atomics.exchange(this.#worstUs, 0, 0) / 1e6;
  }

  /** The histogram since the start, in the buckets of `netwatch_receiver_lag_seconds` and one above them. */
  histogram(): { bucketCounts: readonly number[]; sum: number; count: number } {
    const { allCounts, sum, count } = this.#histogram;
    return { bucketCounts: Array.from(allCounts), sum, count };
  }
}
