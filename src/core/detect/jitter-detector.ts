import { Alarm } from './alarm.ts';
import { ClippedCusum } from './clipped-cusum.ts';

/** Evidence of one sample, for or against, and evidence needed: twelve samples more must bend than do not. */
const STEP = 1.8;
const THRESHOLD = 20;
/** It is over when thirty samples more do not bend than do. */
const END_THRESHOLD = 54;
/** A sample bends when it lies further off than so many sigmas, and than so much. */
const WIDE_SIGMAS = 4;
const MIN_WIDE_SECONDS = 0.3e-3;
/** Of so many of the newest samples the jitter in force is the mean. */
const MEMORY_SAMPLES = 200;

/**
 * The delay varies more than it used to, from sample to sample. A sample that bends by more than four of the learned
 * sigmas speaks for jitter, any other against it, each with the same weight: a sign test in sequence. Lone stalls and
 * overtaken samples bend three in a row and no more.
 */
export class JitterDetector {
  readonly alarm = new Alarm();
  /** Standard deviation of the delay since the fault began, at most over the newest 200 samples. */
  jitterSeconds = 0;
  readonly #wide: ClippedCusum;
  readonly #calm: ClippedCusum;
  readonly #threshold: number;
  #heard = 0;

  /** @param thresholdScale factor on the threshold, 1 for the published rate of false alarms */
  constructor(thresholdScale: number) {
    this.#threshold = THRESHOLD * thresholdScale;
    this.#wide = new ClippedCusum(STEP, this.#threshold);
    this.#calm = new ClippedCusum(STEP, END_THRESHOLD);
  }

  /** True while something may well be wrong: then nothing is learned. */
  get isStirred(): boolean {
    return this.alarm.isOpen || this.#wide.level > this.#threshold / 2;
  }

  /** No fault stands, and nothing that came is evidence for one. */
  restart(): void {
    this.alarm.close();
    this.#wide.reset();
    this.#calm.reset();
  }

  /**
   * Takes one sample.
   * @param bendSeconds how far a sample lies off the line of its neighbours
   * @param sigmaSeconds the learned sigma
   * @param localSigmaSeconds sigma just now
   * @param seconds unix seconds of the receiver's clock
   */
  add(bendSeconds: number, sigmaSeconds: number, localSigmaSeconds: number, seconds: number): void {
    const isWide = bendSeconds > Math.max(WIDE_SIGMAS * sigmaSeconds, MIN_WIDE_SECONDS);
    const isJitter = this.#wide.add(isWide ? STEP : -STEP, seconds);
    if (!this.alarm.isOpen) {
      if (!isJitter) return;
      this.jitterSeconds = localSigmaSeconds;
      this.#heard = 1;
      this.#calm.reset();
      this.alarm.open(this.#wide.sinceSeconds, seconds);
      return;
    }
    this.alarm.strengthen(this.#wide.level / this.#threshold);
    this.#heard = Math.min(this.#heard + 1, MEMORY_SAMPLES);
    this.jitterSeconds += (localSigmaSeconds - this.jitterSeconds) / this.#heard;
    if (this.#calm.add(isWide ? -STEP : STEP, seconds)) this.restart();
  }
}
