import type { RateDetector } from './rate-detector.ts';

/** A sample further off the tone than this share of its amplitude is not what was sung. */
const OFF_SHARE = 0.3;
/** The tone is the mean of so many of the newest samples. */
const MEMORY_SAMPLES = 32;
/** What is off the tone moves the tone only little, so that a tone that has really changed is learned in the end. */
const OFF_MEMORY_SAMPLES = 256;
/** Until so many were heard the tone is not known. */
const LEARN_SAMPLES = 64;

/**
 * Samples that carry something else than the tone: judged at the sender's end, where network delays do not reach.
 *
 * Damage in transit is hardly ever heard this way: UDP's checksum drops 65 535 of 65 536 damaged datagrams, and those
 * are losses. What is heard is what was damaged before the checksum was made, or by who makes a new one: a faulty
 * sender, a middlebox, another's hand. Not for senders of real samples only: half a sample has no phase.
 */
export class CorruptDetector {
  readonly rate: RateDetector;
  #re = 0;
  #im = 0;
  #count = 0;

  constructor(rate: RateDetector) {
    this.rate = rate;
  }

  /** The stream begins anew: no fault stands, and the tone is learned again. */
  restart(): void {
    this.rate.restart();
    this.#count = 0;
    this.#re = 0;
    this.#im = 0;
  }

  /**
   * Takes one sample.
   * @param re,im brought down by the expected tone at its send time
   * @param seconds unix seconds of the receiver's clock
   */
  add(re: number, im: number, seconds: number): void {
    const [offRe, offIm] = [re - this.#re, im - this.#im];
    const isLearned = ++this.#count > LEARN_SAMPLES;
    const power = this.#re * this.#re + this.#im * this.#im;
    const isOff = isLearned && offRe * offRe + offIm * offIm > OFF_SHARE * OFF_SHARE * power;
    const weight = 1 / (isOff ? OFF_MEMORY_SAMPLES : Math.min(this.#count, MEMORY_SAMPLES));
    this.#re += weight * offRe;
    this.#im += weight * offIm;
    if (!isLearned) return;
    this.rate.add(isOff, seconds);
    if (this.rate.isOver) this.rate.end();
  }
}
