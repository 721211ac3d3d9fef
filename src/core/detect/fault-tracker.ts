import type { ClockRecovery } from '../clock-recovery.ts';
import type { Slots } from '../slots.ts';
import type { Fault } from '../verdict.ts';
import { CorruptDetector } from './corrupt-detector.ts';
import { DelayDetectors } from './delay-detectors.ts';
import { DEFAULT_DETECTION, type DetectionOptions } from './detection-options.ts';
import { DriftDetector } from './drift-detector.ts';
import { FaultNames } from './fault-names.ts';
import { type Disorder, HoleFeed } from './hole-feed.ts';
import { LossDetector } from './loss-detector.ts';
import { type RateDesign, RateDetector } from './rate-detector.ts';
import { silentAfterSeconds } from './silence.ts';

/** Three events of reordering in quick succession are a fault, two are not; events closer than this are one. */
const REORDER_DESIGN: RateDesign = { rates: [0.03], thresholds: [9.8], leastBackground: 1e-3 };
const BUNCH_SECONDS = 0.3;
/** Duplicates, corruption: four in quick succession are a fault, three are not. */
const ODDITY_DESIGN: RateDesign = { rates: [0.03], thresholds: [12], leastBackground: 1e-3 };
/** A gap of more slots and seconds was silence: where no loss is known, and where loss is known. */
const SILENT_GAP = { seconds: 1, slots: 20 };
const LONGEST_GAP = { seconds: 6.4, slots: 128 };
/**
 * A shift that has stood for so long is what is normal. One to a shorter delay is so once it has stood for as long as what
 * was normal before, a minute at least: what a stream begins with, on a machine that is just starting, may be no good
 * measure.
 */
const ACCEPT_SECONDS = 3600;
const ACCEPT_SHORTER_SECONDS = 60;
/** Samples later than this share of an interval may have waited for one another. */
const BUNCHED_INTERVALS = 0.5;

/**
 * All detectors of one stream. It is fed with each sample as it comes and says which faults stand, since when, how bad
 * and how sure. Pure and bounded: times are arguments, nothing is allocated for a sample, memory is some 5 KiB.
 *
 * What each is fed, and its statistic (a sum of log likelihood ratios each, alarm at a threshold, onset where it last
 * was 0):
 *
 * | detector | fed with | statistic |
 * |---|---|---|
 * | loss | slots in order: came, or passed over by a later one | Bernoulli CUSUMs for 1, 2, 5, 10, 50 % |
 * | burst-loss | the same, since the onset | likelihood ratio of a Markov chain against independence |
 * | periodic-loss, periodic-delay | beginnings of holes, of pulses of lateness | binomial tail of hits on a period |
 * | delay-shift | lateness above the baseline | CUSUM of the mean, clipped: eight samples at least |
 * | jitter | how far a sample lies off the line of its neighbours | sequential sign test against 4 sigma |
 * | congestion | lateness against that of the fourth sample before | sequential sign test |
 * | reorder, duplicate, corrupt | which samples are | Bernoulli CUSUM for 3 % |
 * | clock-drift | medians of 3 s of delay | slope of 42 s against what it was, told from a step by its residue |
 * | silent | time since the last sample | eight intervals, more where loss is known |
 *
 * Thresholds are set for one false alarm per stream in 30 days over all kinds together: loss has a half of that, the
 * others, whose samples are clipped, share the rest with e^20 samples (280 days at 20/s) or more each.
 */
export class FaultTracker {
  readonly loss: LossDetector;
  readonly delay: DelayDetectors;
  readonly reorder: RateDetector;
  readonly duplicate: RateDetector;
  readonly corrupt: CorruptDetector;
  readonly drift = new DriftDetector();
  readonly sampleRateHz: number;
  readonly #names: FaultNames;
  readonly #holes: HoleFeed;
  #nowSeconds = 0;
  #newest = 0;
  #overtakenSeconds = Number.NEGATIVE_INFINITY;
  #hadCopy = false;
  /** When the first sample since the start came. */
  #beganSeconds = Number.NaN;

  constructor(sampleRateHz: number, options: DetectionOptions = DEFAULT_DETECTION) {
    const scale = options.thresholdScale;
    this.sampleRateHz = sampleRateHz;
    this.#holes = new HoleFeed(sampleRateHz);
    this.loss = new LossDetector(sampleRateHz, scale);
    this.delay = new DelayDetectors(sampleRateHz, scale);
    this.reorder = new RateDetector(REORDER_DESIGN, scale);
    this.duplicate = new RateDetector(ODDITY_DESIGN, scale);
    this.corrupt = new CorruptDetector(new RateDetector(ODDITY_DESIGN, scale));
    this.#names = new FaultNames(this, options);
  }

  /** Changes whenever a fault begins or ends, named or not: a cheap reason to look. */
  get changes(): number {
    return this.#names.changes;
  }

  /** Seconds without a sample after which the stream is silent: more where so much is lost that it happens by chance. */
  get silentAfterSeconds(): number {
    return silentAfterSeconds(this.loss, this.sampleRateHz);
  }

  /** The stream begins anew with this slot: no fault stands, what is normal is learned again. */
  restart(index: number): void {
    this.#holes.restart(index);
    this.#overtakenSeconds = Number.NEGATIVE_INFINITY;
    this.#hadCopy = false;
    this.#beganSeconds = Number.NaN;
    for (const part of [this.loss, this.delay, this.drift, this.reorder, this.duplicate, this.corrupt]) part.restart();
  }

  /**
   * A sample was accepted and lies in its slot. Plain parameters: this is called for every sample.
   * @param latenessSeconds against the recovered clock; NaN while that is being learned
   */
  accept(slots: Slots, index: number, latenessSeconds: number, seconds: number): void {
    this.#nowSeconds = seconds;
    if (Number.isNaN(this.#beganSeconds)) this.#beganSeconds = seconds;
    this.#newest = slots.newest;
    const isOvertaken = index < slots.newest;
    this.#countOvertaken(isOvertaken, seconds);
    this.#countDuplicate(seconds);
    if (isOvertaken && this.#holes.wasFed(index)) {
      this.loss.takeBack(index, seconds, this.#holes.takenBack(slots, index));
    }
    if (!isOvertaken) this.#feedHoles(slots, latenessSeconds);
    // What was overtaken is told by that; among the others it would look like jitter. Unless it is jitter.
    const isOrderly = !isOvertaken || this.delay.jitter.alarm.isOpen;
    if (isOrderly && !Number.isNaN(latenessSeconds)) this.delay.add(latenessSeconds, index, seconds);
  }

  /** A second copy of a sample came. Many at once, a replay say, count as one: a network copies one by one. */
  acceptDuplicate(seconds: number): void {
    this.#hadCopy = true;
    this.#nowSeconds = seconds;
  }

  /** True while the clock must not learn from delays: they are not what they usually are, and the clock is not why. */
  get holdsClock(): boolean {
    return this.delay.isOpen && !this.drift.alarm.isOpen;
  }

  /** The clock has one more block. */
  learnClock(clock: ClockRecovery, seconds: number): void {
    const wasDrifting = this.drift.alarm.isOpen;
    this.drift.add(clock, seconds);
    const { alarm } = this.delay.shift;
    // It has been so for long, or a clock has made it so.
    const isUsual = alarm.isOpen && seconds - alarm.sinceSeconds > this.#acceptSeconds();
    if (isUsual || (wasDrifting && !this.drift.alarm.isOpen)) this.delay.acceptShift();
  }

  /** How long the shift that stands has to stand to be what is normal. */
  #acceptSeconds(): number {
    const { alarm, shiftSeconds } = this.delay.shift;
    if (shiftSeconds > 0) return ACCEPT_SECONDS;
    const knownSeconds = alarm.sinceSeconds - this.#beganSeconds;
    return Math.min(Math.max(knownSeconds, ACCEPT_SHORTER_SECONDS), ACCEPT_SECONDS);
  }

  /**
   * The faults that stand, those explained by others left out.
   * @param silentSinceSeconds when the last sample came, if that is so long ago that the stream may be silent
   */
  faults(nowSeconds: number, silentSinceSeconds: number | null): readonly Fault[] {
    return this.#names.faults(nowSeconds, silentSinceSeconds, this.delay.isDoubted);
  }

  /** @param latenessSeconds of the newest sample; NaN where it is not known */
  #disorder(latenessSeconds: number): Disorder {
    if (this.delay.isShaken || this.reorder.alarm.isOpen) return 'much';
    // What comes in a bunch after a stall comes in any order.
    const isLate = latenessSeconds * this.sampleRateHz > BUNCHED_INTERVALS;
    return isLate || this.reorder.isStirred ? 'some' : 'none';
  }

  #feedHoles(slots: Slots, latenessSeconds: number): void {
    const { rate, isBursty } = this.loss;
    // Longer gaps are silence, and told as that; where losses are frequent and scattered they are long runs of them.
    const { seconds, slots: least } = rate.alarm.isOpen && !isBursty ? LONGEST_GAP : SILENT_GAP;
    const maxGap = Math.max(least, seconds * this.sampleRateHz);
    this.#holes.feed(slots, this.#disorder(latenessSeconds), maxGap, this.#takeSlot);
  }

  readonly #takeSlot = (isLost: boolean, index: number): void => {
    this.loss.add(isLost, index, this.#nowSeconds - (this.#newest - index) / this.sampleRateHz);
  };

  /** What is overtaken at about the same time, as when a path becomes shorter, is one event. */
  #countOvertaken(isOvertaken: boolean, seconds: number): void {
    if (!isOvertaken || seconds - this.#overtakenSeconds > BUNCH_SECONDS) {
      this.reorder.add(isOvertaken, seconds);
      if (isOvertaken) this.#overtakenSeconds = seconds;
    }
    if (this.reorder.isOver) this.reorder.end();
  }

  #countDuplicate(seconds: number): void {
    this.duplicate.add(this.#hadCopy, seconds);
    this.#hadCopy = false;
    if (this.duplicate.isOver) this.duplicate.end();
  }
}
