import { Alarm } from './alarm.ts';
import { ClippedCusum } from './clipped-cusum.ts';

/** Seven samples in a row that lie higher than the fourth before them: a step lifts four, a stall of six four. */
const CLIP = 3;
const THRESHOLD = 20;
/** A sample climbs when it is later than the fourth before it by so many sigmas, and by so much. */
const CLIMB_SIGMAS = 4;
const MIN_CLIMB_SECONDS = 0.5e-3;
/** Over once it has sunk to this share of its height, 20 samples long. */
const DRAINED_SHARE = 0.2;
const MIN_DRAINED_SECONDS = 1e-3;
const DRAINED_THRESHOLD = 60;

/** A queue fills: lateness climbs from sample to sample. The fault lasts until the queue has drained. */
export class QueueDetector {
  readonly alarm = new Alarm();
  /** Highest lateness since it began, above what is normal. */
  queueSeconds = 0;
  /** Seconds of lateness gained in a second, at the alarm. */
  growth = 0;
  readonly #climbing: ClippedCusum;
  readonly #drained = new ClippedCusum(CLIP, DRAINED_THRESHOLD);
  readonly #threshold: number;

  /** @param thresholdScale factor on the threshold, 1 for the published rate of false alarms */
  constructor(thresholdScale: number) {
    this.#threshold = THRESHOLD * thresholdScale;
    this.#climbing = new ClippedCusum(CLIP, this.#threshold);
  }

  /** True while something may well be wrong: then nothing is learned. */
  get isStirred(): boolean {
    return this.alarm.isOpen || this.#climbing.level > this.#threshold / 2;
  }

  /** No fault stands, and nothing that came is evidence for one. */
  restart(): void {
    this.alarm.close();
    this.#climbing.reset();
    this.#drained.reset();
  }

  /**
   * Takes one sample.
   * @param deviationSeconds lateness above what is normal
   * @param climbSeconds how much later it is than the fourth before it
   * @param sigmaSeconds sigma of the deviations as they are just now
   * @param seconds unix seconds of the receiver's clock
   */
  add(deviationSeconds: number, climbSeconds: number, sigmaSeconds: number, seconds: number): void {
    const least = Math.max(MIN_CLIMB_SECONDS, CLIMB_SIGMAS * sigmaSeconds);
    const isClimbing = this.#climbing.add(climbSeconds > least ? CLIP : -CLIP, seconds);
    if (!this.alarm.isOpen) {
      // Falling back to normal climbs too, from below.
      if (!isClimbing || deviationSeconds < least) return;
      const sinceSeconds = this.#climbing.sinceSeconds;
      this.queueSeconds = deviationSeconds;
      this.growth = deviationSeconds / Math.max(seconds - sinceSeconds, 1e-3);
      this.#drained.reset();
      this.alarm.open(sinceSeconds, seconds);
      return;
    }
    this.alarm.strengthen(this.#climbing.level / this.#threshold);
    this.queueSeconds = Math.max(this.queueSeconds, deviationSeconds);
    const isLow = deviationSeconds < Math.max(DRAINED_SHARE * this.queueSeconds, MIN_DRAINED_SECONDS, 3 * sigmaSeconds);
    if (this.#drained.add(isLow ? CLIP : -CLIP, seconds)) this.restart();
  }
}
