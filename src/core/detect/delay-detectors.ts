import { JitterDetector } from './jitter-detector.ts';
import { LatenessTrack } from './lateness-track.ts';
import { PulseDetector } from './pulse-detector.ts';
import { QueueDetector } from './queue-detector.ts';
import { ShiftDetector } from './shift-detector.ts';

/** Jitter of this many sample intervals makes samples overtake one another. */
const OVERTAKING_JITTER = 1 / 6;
/** For so long after the receiver was seen to be late, what it may have caused proves nothing. */
const WARY_SECONDS = 2;

/** What listens to the lateness of samples: shifts, jitter, queues that fill, and pulses that recur. */
export class DelayDetectors {
  readonly lateness = new LatenessTrack();
  readonly shift: ShiftDetector;
  readonly jitter: JitterDetector;
  readonly queue: QueueDetector;
  readonly pulses: PulseDetector;
  /** By how much the receive time of the next sample may be too late, seconds: set before it is added. */
  stampDoubtSeconds = 0;
  readonly #sampleRateHz: number;
  #lagSeconds = 0;
  #waryUntilSeconds = Number.NEGATIVE_INFINITY;

  /** @param thresholdScale factor on all thresholds, 1 for the published rate of false alarms */
  constructor(sampleRateHz: number, thresholdScale: number) {
    this.#sampleRateHz = sampleRateHz;
    this.pulses = new PulseDetector(sampleRateHz);
    this.shift = new ShiftDetector(thresholdScale);
    this.jitter = new JitterDetector(thresholdScale);
    this.queue = new QueueDetector(thresholdScale);
  }

  /** The stream begins anew: no fault stands, and what is normal is learned again. */
  restart(): void {
    for (const part of [this.lateness, this.shift, this.jitter, this.queue, this.pulses]) part.restart();
  }

  /** True while a fault of the delay stands; pulses are none: between two of them the delay is what it usually is. */
  get isOpen(): boolean {
    return this.shift.alarm.isOpen || this.jitter.alarm.isOpen || this.queue.alarm.isOpen;
  }

  /** True while the receiver is known to have been late. */
  get isDoubted(): boolean {
    return this.#lagSeconds > 0;
  }

  /** True when delays vary so much that samples overtake one another by that alone. */
  get isShaken(): boolean {
    return this.jitter.isStirred && this.#localSigmaSeconds * this.#sampleRateHz > OVERTAKING_JITTER;
  }

  /**
   * The receiver itself was late by so much at worst, 0 when it was not. For a moment after it became known deviations
   * of that size prove nothing; for as long as it is told of, what timing says is less sure.
   */
  observeLag(lagSeconds: number, nowSeconds: number): void {
    if (lagSeconds > this.#lagSeconds) this.#waryUntilSeconds = nowSeconds + WARY_SECONDS;
    this.#lagSeconds = lagSeconds;
  }

  /** What the delay is now is what it is from now on. */
  acceptShift(): void {
    if (!this.shift.alarm.isOpen) return;
    this.lateness.rebase(this.shift.shiftSeconds);
    this.shift.restart();
  }

  /** Takes one sample. Plain parameters: this is called for every sample. */
  add(latenessSeconds: number, index: number, seconds: number): void {
    const { lateness, shift, jitter, queue, pulses, stampDoubtSeconds } = this;
    lateness.add(stampDoubtSeconds > 0 ? lateness.likely(latenessSeconds, stampDoubtSeconds) : latenessSeconds, index);
    const { deviationSeconds, bendSeconds, climbSeconds, sigmaSeconds } = lateness;
    // What the receiver's own lag may have made is evidence neither for a fault nor against one.
    if (seconds < this.#waryUntilSeconds && Math.abs(deviationSeconds) <= this.#lagSeconds) return;
    if (lateness.isLearned) {
      jitter.add(bendSeconds, sigmaSeconds, lateness.localSigmaSeconds, seconds);
      const localSigma = this.#localSigmaSeconds;
      queue.add(deviationSeconds, climbSeconds, localSigma, seconds);
      shift.add(deviationSeconds, localSigma, seconds);
      pulses.add(deviationSeconds, localSigma, index, seconds);
    }
    // What is normal is not learned from what was made so.
    if (stampDoubtSeconds > 0) return;
    if (!shift.isStirred && !jitter.isStirred && !queue.isStirred) lateness.learn(this.#sampleRateHz);
  }

  get #localSigmaSeconds(): number {
    const { jitter, lateness } = this;
    return Math.max(lateness.localSigmaSeconds, jitter.alarm.isOpen ? jitter.jitterSeconds : 0);
  }
}
