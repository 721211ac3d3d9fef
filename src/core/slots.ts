/** Times are kept as float32 against references, which are moved before they lose more than 4 µs. */
const REBASE_SECONDS = 64;
/** Values of a slot: baseband re and im, send time, raw delay. NaN in the delay marks an empty slot. */
const FIELDS = 4;
const RE = 0;
const IM = 1;
const SENT = 2;
const DELAY = 3;

/**
 * A ring of the newest samples on the sequence grid. A slot is addressed by its index, the sequence number unwrapped to
 * a plain integer; one that never came is empty, never skipped.
 *
 * Memory: 16 bytes a slot.
 */
export class Slots {
  readonly size: number;
  /** Index of the first sample ever put; slots before it are not holes. */
  first = 0;
  /** Highest index put. */
  newest = -1;
  readonly #values: Float32Array;
  #referenceSent = 0;
  #referenceDelay = 0;

  /** @param size slots held, a power of two */
  constructor(size: number) {
    this.size = size;
    this.#values = new Float32Array(FIELDS * size);
    this.#empty();
  }

  /** Empties the ring; the next `put` may have any index. */
  restart(index: number, sentSeconds: number, delaySeconds: number): void {
    this.#empty();
    this.first = index;
    this.newest = index - 1;
    this.#referenceSent = sentSeconds;
    this.#referenceDelay = delaySeconds;
  }

  /** True when the index lies in the ring and its sample came. */
  has(index: number): boolean {
    return index <= this.newest && !this.isForgotten(index) && !Number.isNaN(this.#values[this.#at(index) + DELAY]);
  }

  /** True when the index is older than the ring remembers. */
  isForgotten(index: number): boolean {
    return index <= this.newest - this.size || index < this.first;
  }

  /** Moves the newest index forward; the slots passed over are empty until their sample comes. */
  advanceTo(index: number): void {
    const emptied = Math.min(index - this.newest, this.size);
    for (let i = 0; i < emptied; i++) this.#values[this.#at(index - i) + DELAY] = Number.NaN;
    if (index > this.newest) this.newest = index;
  }

  /** Fills one slot; the index must not be forgotten and not lie ahead of `newest`. */
  put(index: number, slot: { re: number; im: number; sentSeconds: number; delaySeconds: number }): void {
    if (Math.abs(slot.sentSeconds - this.#referenceSent) > REBASE_SECONDS) {
      this.#shift(SENT, slot.sentSeconds - this.#referenceSent);
      this.#referenceSent = slot.sentSeconds;
    }
    if (Math.abs(slot.delaySeconds - this.#referenceDelay) > REBASE_SECONDS) {
      this.#shift(DELAY, slot.delaySeconds - this.#referenceDelay);
      this.#referenceDelay = slot.delaySeconds;
    }
    const at = this.#at(index);
    this.#values[at + RE] = slot.re;
    this.#values[at + IM] = slot.im;
    this.#values[at + SENT] = slot.sentSeconds - this.#referenceSent;
    this.#values[at + DELAY] = slot.delaySeconds - this.#referenceDelay;
  }

  re(index: number): number {
    return this.#values[this.#at(index) + RE] ?? 0;
  }

  im(index: number): number {
    return this.#values[this.#at(index) + IM] ?? 0;
  }

  /** Send time, unix seconds, good to 4 µs while the window is shorter than a minute. */
  sentSeconds(index: number): number {
    return this.#referenceSent + (this.#values[this.#at(index) + SENT] ?? 0);
  }

  /** Raw delay, receive time minus send time, in seconds, good to 4 µs. */
  delaySeconds(index: number): number {
    return this.#referenceDelay + (this.#values[this.#at(index) + DELAY] ?? 0);
  }

  #at(index: number): number {
    return FIELDS * (index & (this.size - 1));
  }

  #empty(): void {
    for (let at = DELAY; at < this.#values.length; at += FIELDS) this.#values[at] = Number.NaN;
  }

  #shift(field: number, seconds: number): void {
    for (let at = field; at < this.#values.length; at += FIELDS) this.#values[at] = (this.#values[at] ?? 0) - seconds;
  }
}
