import { Alarm } from './alarm.ts';
import { ClippedCusum } from './clipped-cusum.ts';

/** Evidence of one sample, for or against: more than half of them must bend, and eleven more than do not. */
const STEP = 1.8;
const THRESHOLD = 20;
const END_THRESHOLD = 54;
const WIDE_SIGMAS = 4;
const MIN_WIDE_SECONDS = 0.3e-3;
const MEMORY_SAMPLES = 200;

/**
 * The delay varies more than it used to, from sample to sample. A sample that bends by more than four of the learned
 * sigmas speaks for jitter, any other against it, each with the same weight: a sign test in sequence. Lone stalls and
 * overtaken samples bend three in a row and no more.
 */
export class JitterDetector {
  readonly alarm = new Alarm();
  /** Standard deviation of the delay just now. */
  jitterSeconds = 0;
  readonly #wide: ClippedCusum;
  readonly #calm: ClippedCusum;
  readonly #threshold: number;
  #heard = 0;

  constructor(thresholdScale = 1) {
    this.#threshold = THRESHOLD * thresholdScale;
    this.#wide = new ClippedCusum(STEP, this.#threshold);
    this.#calm = new ClippedCusum(STEP, END_THRESHOLD);
  }

  get isStirred(): boolean {
    return this.alarm.isOpen || this.#wide.level > this.#threshold / 2;
  }

  restart(): void {
    this.alarm.close();
    this.#wide.reset();
    this.#calm.reset();
  }

  /**
   * @param bendSeconds how far a sample lies off the line of its neighbours
   * @param sigmaSeconds the learned sigma
   * @param localSigmaSeconds sigma just now
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
