import type { ClockRecovery } from '../clock-recovery.ts';
import { medianInPlace } from '../order-statistics.ts';
import { Alarm } from './alarm.ts';
import { type BlockLine, fitBlocks } from './block-line.ts';

/** Blocks of 3 s over which the newest rate is measured, and those before them that say what it used to be. */
const RECENT_BLOCKS = 14;
const MIN_REFERENCE_BLOCKS = 16;
/** The old rate is the median slope of pairs of blocks so far apart. */
const REFERENCE_LAG = 8;
/** Blocks whose median is the old delay, and how many before the newest rate the latest of them is. */
const LEVEL_BLOCKS = 8;
const LEVEL_LAG = 5;
/** A change of rate smaller than this (8 ppm) is nobody's concern. */
const MIN_CHANGE = 8e-6;
/** A change smaller than this many standard errors is noise. */
const MIN_ERRORS = 8;
/** Pairs that the old rate needs: where delays were mostly not as usual, nobody knows it. */
const MIN_PAIRS = 6;
/** Lines, not steps: what is left beside the new one and the old one, against the rise. A step leaves a seventh or more. */
const MAX_RESIDUE = 0.1;
/** Each half of the newest blocks must have this share of the change: else it has only just begun, or was a step. */
const MIN_HALF_SHARE = 0.75;
/**
 * Over once the recovered clock and the newest rate are within this (4 ppm) of one another: sooner the clock would stop
 * learning halfway.
 */
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

  /** The stream begins anew: no fault stands. Its clock is begun anew by whoever owns that. */
  restart(): void {
    this.alarm.close();
    this.#restBlocks = 0;
  }

  /** A block was added to the clock; `seconds` is now, unix seconds. */
  add(clock: ClockRecovery, seconds: number): void {
    const recent = clock.blockCount - RECENT_BLOCKS;
    if (recent < MIN_REFERENCE_BLOCKS) return;
    if (this.#restBlocks > 0) this.#restBlocks--;
    if (this.#restBlocks > 0) return;
    const line = fitBlocks(clock, recent, RECENT_BLOCKS);
    if (this.alarm.isOpen) {
      this.#follow(line.slope, clock.skew ?? line.slope);
      return;
    }
    const reference = referenceSlope(clock, recent);
    if (reference === null || !isDrift(clock, line, reference)) return;
    this.skew = line.slope;
    this.referenceSkew = reference;
    clock.trustHeld();
    this.alarm.open(seconds - ageSeconds(clock, line, reference), seconds);
    this.alarm.strengthen(Math.abs(line.slope - reference) / (MIN_ERRORS * line.slopeError));
  }

  #follow(slope: number, recovered: number): void {
    this.skew = slope;
    const isLearned = Math.abs(recovered - slope) < AGREEMENT;
    if (!isLearned) return;
    this.alarm.close();
    this.#restBlocks = RECENT_BLOCKS + MIN_REFERENCE_BLOCKS;
  }
}

/** Whether the line through the newest blocks is another rate, not noise and not a step of the delay. */
function isDrift(clock: ClockRecovery, line: BlockLine, reference: number): boolean {
  const change = line.slope - reference;
  if (Math.abs(change) < Math.max(MIN_CHANGE, MIN_ERRORS * line.slopeError)) return false;
  const newest = clock.blockCount - 1;
  const recent = clock.blockCount - RECENT_BLOCKS;
  const spanSeconds = clock.blockSentSeconds(newest) - clock.blockSentSeconds(recent);
  const riseSeconds = Math.abs(change) * spanSeconds;
  if (line.residueSeconds > MAX_RESIDUE * riseSeconds) return false;
  if (referenceResidueSeconds(clock, recent, reference) > MAX_RESIDUE * riseSeconds) return false;
  const half = RECENT_BLOCKS >> 1;
  return [recent, recent + half].every((from) => {
    const { slope } = fitBlocks(clock, from, half);
    return (slope - reference) / change >= MIN_HALF_SHARE;
  });
}

/** Where the old line and the new one cross: so many seconds ago the new rate began. */
function ageSeconds(clock: ClockRecovery, { slope, interceptSeconds }: BlockLine, reference: number): number {
  const recent = clock.blockCount - RECENT_BLOCKS;
  const originSeconds = clock.blockSentSeconds(recent);
  for (let i = 0; i < LEVEL_BLOCKS; i++) {
    const block = recent - LEVEL_LAG - i;
    const age = originSeconds - clock.blockSentSeconds(block);
    scratch[i] = clock.blockDelaySeconds(block) + reference * age;
  }
  const before = medianInPlace(scratch, LEVEL_BLOCKS);
  const sinceOrigin = (before - interceptSeconds) / (slope - reference);
  const newest = clock.blockSentSeconds(clock.blockCount - 1) - originSeconds;
  return Math.min(Math.max(newest - sinceOrigin, 0), 2 * newest);
}

/**
 * Median slope of the blocks before `end`, from pairs eight blocks apart (after Theil 1950) whose delays were as usual;
 * null where there are too few.
 */
function referenceSlope(clock: ClockRecovery, end: number): number | null {
  let pairs = 0;
  for (let i = Math.max(REFERENCE_LAG, end - scratch.length); i < end; i++) {
    if (clock.isHeld(i) || clock.isHeld(i - REFERENCE_LAG)) continue;
    const span = clock.blockSentSeconds(i) - clock.blockSentSeconds(i - REFERENCE_LAG);
    scratch[pairs++] = (clock.blockDelaySeconds(i) - clock.blockDelaySeconds(i - REFERENCE_LAG)) / span;
  }
  return pairs < MIN_PAIRS ? null : medianInPlace(scratch, pairs);
}

/** How far the usual blocks before `end` lie off a line of this slope: a step among them is no line. */
function referenceResidueSeconds(clock: ClockRecovery, end: number, slope: number): number {
  const from = Math.max(0, end - scratch.length);
  const originSeconds = clock.blockSentSeconds(from);
  let count = 0;
  for (let i = from; i < end; i++) {
    if (clock.isHeld(i)) continue;
    scratch[count++] = clock.blockDelaySeconds(i) - slope * (clock.blockSentSeconds(i) - originSeconds);
  }
  const level = medianInPlace(scratch, count);
  for (let i = 0; i < count; i++) scratch[i] = Math.abs((scratch[i] ?? 0) - level);
  return medianInPlace(scratch, count);
}
