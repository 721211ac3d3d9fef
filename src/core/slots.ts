/** Delays are kept as float32 against a reference; it is moved before they lose microseconds. */
const REBASE_SECONDS = 8;

/**
 * A ring of the newest samples on the sequence grid. A slot is addressed by its index, the sequence number unwrapped to
 * a plain integer; one that never came is empty, never skipped.
 *
 * Memory: 20 bytes a slot.
 */
export class Slots {
  readonly size: number;
  /** Index of the first sample ever put; slots before it are not holes. */
  first = 0;
  /** Highest index put. */
  newest = -1;
  readonly #re: Float32Array;
  readonly #im: Float32Array;
  /** Raw delay above the reference; NaN marks an empty slot. */
  readonly #delay: Float32Array;
  readonly #sent: Float64Array;
  #referenceDelay = 0;

  /** @param size slots held, a power of two */
  constructor(size: number) {
    this.size = size;
    this.#sent = new Float64Array(size);
    this.#re = new Float32Array(size);
    this.#im = new Float32Array(size);
    this.#delay = new Float32Array(size).fill(Number.NaN);
  }

  /** Empties the ring; the next `put` may have any index. */
  restart(index: number, delaySeconds: number): void {
    this.#delay.fill(Number.NaN);
    this.first = index;
    this.newest = index - 1;
    this.#referenceDelay = delaySeconds;
  }

  /** True when the index lies in the ring and its sample came. */
  has(index: number): boolean {
    return this.#holds(index) && !Number.isNaN(this.#delay[index & (this.size - 1)]);
  }

  /** True when the index is older than the ring remembers. */
  isForgotten(index: number): boolean {
    return index <= this.newest - this.size || index < this.first;
  }

  /** Moves the newest index forward; the slots passed over are empty until their sample comes. */
  advanceTo(index: number): void {
    const emptied = Math.min(index - this.newest, this.size);
    for (let i = 0; i < emptied; i++) this.#delay[(index - i) & (this.size - 1)] = Number.NaN;
    if (index > this.newest) this.newest = index;
  }

  /** Fills one slot; the index must not be forgotten and not lie ahead of `newest`. */
  put(index: number, slot: { re: number; im: number; sentSeconds: number; delaySeconds: number }): void {
    const at = index & (this.size - 1);
    let delay = slot.delaySeconds - this.#referenceDelay;
    if (Math.abs(delay) > REBASE_SECONDS) {
      this.#rebase(delay);
      delay = 0;
    }
    this.#re[at] = slot.re;
    this.#im[at] = slot.im;
    this.#sent[at] = slot.sentSeconds;
    this.#delay[at] = delay;
  }

  re(index: number): number {
    return this.#re[index & (this.size - 1)] ?? 0;
  }

  im(index: number): number {
    return this.#im[index & (this.size - 1)] ?? 0;
  }

  sentSeconds(index: number): number {
    return this.#sent[index & (this.size - 1)] ?? 0;
  }

  /** Raw delay, receive time minus send time, in seconds. */
  delaySeconds(index: number): number {
    return this.#referenceDelay + (this.#delay[index & (this.size - 1)] ?? 0);
  }

  #holds(index: number): boolean {
    return index <= this.newest && !this.isForgotten(index);
  }

  #rebase(shift: number): void {
    this.#referenceDelay += shift;
    for (let at = 0; at < this.size; at++) this.#delay[at] = (this.#delay[at] ?? 0) - shift;
  }
}
