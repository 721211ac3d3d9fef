import { Alarm } from './alarm.ts';
import { ClippedCusum } from './clipped-cusum.ts';

/** Evidence of one sample and evidence needed: eight samples in a row at least, so no stall of six is a shift. */
const CLIP = 2.5;
const THRESHOLD = 20;
/** It is over when twenty samples more are back than are not. */
const END_THRESHOLD = 50;
/** Tuned to a shift of so many sigmas, and of no less than this; sigma is taken to be no less than the third. */
const MIN_SHIFT_SECONDS = 0.5e-3;
const SHIFT_SIGMAS = 1.5;
const MIN_SIGMA_SECONDS = 0.1e-3;
/** Newest samples of which the shift in force is the mean. */
const MEMORY_SAMPLES = 64;

/** The delay has become another, and stays so: two clipped CUSUMs for the mean of a normal variable, up and down. */
export class ShiftDetector {
  readonly alarm = new Alarm();
  /** How much later samples come than they used to; negative when sooner. */
  shiftSeconds = 0;
  readonly #up: ClippedCusum;
  readonly #down: ClippedCusum;
  readonly #back: ClippedCusum;
  readonly #threshold: number;
  #heard = 0;

  /** @param thresholdScale factor on the threshold, 1 for the published rate of false alarms */
  constructor(thresholdScale: number) {
    this.#threshold = THRESHOLD * thresholdScale;
    this.#up = new ClippedCusum(CLIP, this.#threshold);
    this.#down = new ClippedCusum(CLIP, this.#threshold);
    this.#back = new ClippedCusum(CLIP, END_THRESHOLD);
  }

  /**
   * True while something may well be wrong: then nothing is learned. Sooner would leave out the tails of what is normal.
   */
  get isStirred(): boolean {
    return this.alarm.isOpen || this.#up.level > this.#threshold / 2 || this.#down.level > this.#threshold / 2;
  }

  /** No fault stands, and nothing that came is evidence for one. */
  restart(): void {
    this.alarm.close();
    for (const cusum of [this.#up, this.#down, this.#back]) cusum.reset();
  }

  /**
   * Takes one sample.
   * @param deviationSeconds lateness above what is normal
   * @param sigmaSeconds sigma of the deviations as they are just now
   * @param seconds unix seconds of the receiver's clock
   */
  add(deviationSeconds: number, sigmaSeconds: number, seconds: number): void {
    const sigma = Math.max(sigmaSeconds, MIN_SIGMA_SECONDS);
    const shift = Math.max(MIN_SHIFT_SECONDS, SHIFT_SIGMAS * sigma);
    // The log likelihood ratio of a normal variable with this mean against one with mean 0 (Page 1954).
    const slope = shift / (sigma * sigma);
    const isUp = this.#up.add((deviationSeconds - shift / 2) * slope, seconds);
    const isDown = this.#down.add((-deviationSeconds - shift / 2) * slope, seconds);
    if (!this.alarm.isOpen) {
      if (!isUp && !isDown) return;
      this.shiftSeconds = deviationSeconds;
      this.#heard = 1;
      this.#back.reset();
      this.alarm.open(isUp ? this.#up.sinceSeconds : this.#down.sinceSeconds, seconds);
      return;
    }
    this.alarm.strengthen(Math.max(this.#up.level, this.#down.level) / this.#threshold);
    const inItsDirection = Math.sign(this.shiftSeconds) * deviationSeconds;
    const isBack = this.#back.add((shift / 2 - inItsDirection) * slope, seconds);
    if (isBack) this.restart();
    // A sample that is back says nothing of how large the shift was.
    if (inItsDirection < shift / 2) return;
    this.#heard = Math.min(this.#heard + 1, MEMORY_SAMPLES);
    this.shiftSeconds += (deviationSeconds - this.shiftSeconds) / this.#heard;
  }
}
