import type { ClockRecovery } from '../clock-recovery.ts';
import { medianInPlace } from '../order-statistics.ts';
import { Alarm } from './alarm.ts';

/** Blocks of 3 s over which the newest rate is measured, and those before them that say what it used to be. */
const RECENT_BLOCKS = 14;
const MIN_REFERENCE_BLOCKS = 16;
const REFERENCE_LAG = 8;
const MIN_CHANGE = 8e-6;
/** A change smaller than this many standard errors is noise. */
const MIN_ERRORS = 8;
/** A line, not a step: what is left beside it, against its rise. A step leaves a sixth. */
const MAX_RESIDUE = 0.1;
/** Over once the recovered clock and the newest rate are within this of one another: sooner the clock would stop learning halfway. */
const AGREEMENT = 4e-6;

const scratch = new Float64Array(64);

/** The sender's clock runs at another rate than it did: the slope of the newest block delays against those before. */
export class DriftDetector {
  readonly alarm = new Alarm();
  /** Receiver's rate over the sender's minus one, now and before. */
  skew = 0;
  referenceSkew = 0;
  /** Until the history knows only the new rate, there is nothing to compare with. */
  #restBlocks = 0;
  #slope = 0;
  #intercept = 0;
  #residue = 0;
  #error = 0;

  restart(): void {
    this.alarm.close();
  }

  /** A block was added to the clock; `seconds` is now, unix seconds. */
  add(clock: ClockRecovery, seconds: number): void {
    const count = clock.blockCount;
    if (count < RECENT_BLOCKS + MIN_REFERENCE_BLOCKS) return;
    if (this.#restBlocks > 0) this.#restBlocks--;
    if (this.#restBlocks > 0) return;
    this.#fit(clock, count - RECENT_BLOCKS, RECENT_BLOCKS);
    const [slope, error, residue, intercept] = [this.#slope, this.#error, this.#residue, this.#intercept];
    if (this.alarm.isOpen) {
      this.#follow(slope, clock.skew ?? slope);
      return;
    }
    const reference = referenceSlope(clock, count - RECENT_BLOCKS);
    const change = slope - reference;
    const least = Math.max(MIN_CHANGE, MIN_ERRORS * error);
    if (Math.abs(change) < least) return;
    const spanSeconds = clock.blockSentSeconds(count - 1) - clock.blockSentSeconds(count - RECENT_BLOCKS);
    if (residue > MAX_RESIDUE * Math.abs(change) * spanSeconds) return;
    // Both halves must have the new rate: else it has only just begun, or was a step.
    const half = RECENT_BLOCKS >> 1;
    for (const from of [count - RECENT_BLOCKS, count - half]) {
      this.#fit(clock, from, half);
      if ((this.#slope - reference) / change < 0.75) return;
    }
    this.skew = slope;
    this.referenceSkew = reference;
    this.alarm.open(seconds - this.#ageSeconds(clock, { count, slope, intercept, reference }), seconds);
    this.alarm.strengthen(Math.abs(change) / (MIN_ERRORS * error));
  }

  /** Where the old line and the new one cross: so long ago the new rate began. */
  #ageSeconds(
    clock: ClockRecovery,
    at: { count: number; slope: number; intercept: number; reference: number },
  ): number {
    const last = at.count - RECENT_BLOCKS;
    const originSeconds = clock.blockSentSeconds(last);
    const levels = Math.min(8, last);
    for (let i = 0; i < levels; i++) {
      const block = last - 1 - i - 4;
      const age = originSeconds - clock.blockSentSeconds(block);
      scratch[i] = clock.blockDelaySeconds(block) + at.reference * age;
    }
    const before = medianInPlace(scratch, levels);
    const sinceOrigin = (before - at.intercept) / (at.slope - at.reference);
    const newest = clock.blockSentSeconds(at.count - 1) - originSeconds;
    return Math.min(Math.max(newest - sinceOrigin, 0), 2 * newest);
  }

  #follow(slope: number, recovered: number): void {
    this.skew = slope;
    const isLearned = Math.abs(recovered - slope) < AGREEMENT;
    if (!isLearned) return;
    this.alarm.close();
    this.#restBlocks = RECENT_BLOCKS + MIN_REFERENCE_BLOCKS;
  }

  /** Least squares over some blocks; the origin is the first of them. */
  #fit(clock: ClockRecovery, from: number, count: number): void {
    const originSeconds = clock.blockSentSeconds(from);
    const originDelay = clock.blockDelaySeconds(from);
    let [sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0];
    for (let i = from; i < from + count; i++) {
      const x = clock.blockSentSeconds(i) - originSeconds;
      const y = clock.blockDelaySeconds(i) - originDelay;
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumXY += x * y;
      sumYY += y * y;
    }
    const spread = sumXX - (sumX * sumX) / count;
    const slope = (sumXY - (sumX * sumY) / count) / spread;
    const rest = Math.max(0, sumYY - (sumY * sumY) / count - slope * slope * spread);
    this.#slope = slope;
    this.#intercept = originDelay + (sumY - slope * sumX) / count;
    this.#residue = Math.sqrt(rest / count);
    this.#error = Math.max(Math.sqrt(rest / (count - 2) / spread), 0.1e-6);
  }
}

/** Median slope of the blocks before `end`, from pairs eight blocks apart. */
function referenceSlope(clock: ClockRecovery, end: number): number {
  let pairs = 0;
  for (let i = Math.max(REFERENCE_LAG, end - scratch.length); i < end; i++) {
    const span = clock.blockSentSeconds(i) - clock.blockSentSeconds(i - REFERENCE_LAG);
    scratch[pairs++] = (clock.blockDelaySeconds(i) - clock.blockDelaySeconds(i - REFERENCE_LAG)) / span;
  }
  return medianInPlace(scratch, pairs);
}
