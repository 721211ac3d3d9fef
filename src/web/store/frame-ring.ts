import type { StreamFrame } from '../../wire/api/frame.ts';

/** Frames that are kept: five minutes at two a second. */
export const FRAMES_KEPT = 600;

/**
 * The latest frames of a server, oldest first. It is changed in place; `total` tells a reader how many came since it
 * last looked, so that a waterfall draws only what is new.
 */
export class FrameRing {
  readonly #capacity: number;
  readonly #frames: StreamFrame[] = [];
  #total = 0;

  constructor(capacity = FRAMES_KEPT) {
    this.#capacity = capacity;
  }

  /** Frames that ever came. */
  get total(): number {
    return this.#total;
  }

  /** Frames that are held. */
  get length(): number {
    return Math.min(this.#total, this.#capacity);
  }

  /** Null before the first. */
  get newest(): StreamFrame | null {
    return this.at(this.length - 1);
  }

  /** `index` 0 is the oldest held; null beyond the newest. */
  at(index: number): StreamFrame | null {
    if (index < 0 || index >= this.length) return null;
    return this.#frames[(this.#total - this.length + index) % this.#capacity] ?? null;
  }

  /** Adds the newest frame; the oldest is forgotten when there is no room. */
  push(frame: StreamFrame): void {
    this.#frames[this.#total % this.#capacity] = frame;
    this.#total++;
  }
}
