import { medianInPlace } from './order-statistics.ts';

/** Blocks remembered: four minutes of 3 s each. */
const HORIZON_BLOCKS = 80;
/** A slope needs this many blocks; before that, the line is flat through the newest block. */
const SLOPE_BLOCKS = 4;
/** Where most blocks are held, the slope of fewer pairs than this share of all is no better than the one there is. */
const MIN_PAIRS_SHARE = 0.125;
/** While there are fewer blocks than this, the whole line is fitted anew at each block; after that it is followed. */
const LEARNING_BLOCKS = 10;
/** The level follows persistent changes with this time constant, in blocks, and never by more than the noise allows. */
const FOLLOW_BLOCKS = 60;
const CLIP_SIGMAS = 3;
const MIN_NOISE_SECONDS = 50e-6;
const MAX_SKEW = 1e-3;
/** Ratio of standard deviation to median absolute deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

const scratch = new Float64Array(HORIZON_BLOCKS);

/**
 * Learns how a stream's receive times lie against its send times: r ≈ α + β·t. The raw delay d = r − t holds offset,
 * base delay and skew; `lateness` is what is left of d above the learned line.
 *
 * The slope β − 1 is the median slope between block medians a quarter of the history apart (after Theil 1950 and Sen
 * 1968): a step of delay spoils at most a third of those pairs, so it is not taken for skew; blocks that are known not to
 * be as usual are left out, however many steps they make. The level is followed with
 * clipped innovations (after Huber 1964), so a step of delay stays visible for hours instead of becoming the new normal.
 */
export class ClockRecovery {
  /** Send time and delay of each block. */
  readonly #blocks = new Float64Array(2 * HORIZON_BLOCKS);
  /** 1 for a block whose delay is known not to be what it usually is. */
  readonly #held = new Uint8Array(HORIZON_BLOCKS);
  #count = 0;
  #next = 0;
  #referenceSeconds = 0;
  #levelSeconds = 0;
  #slope = 0;
  #started = false;

  /** Forgets everything: the next sample begins a new line. */
  reset(): void {
    this.#count = 0;
    this.#next = 0;
    this.#slope = 0;
    this.#started = false;
  }

  /** Takes the first sample's delay as the line until the first block is complete. */
  start(sentSeconds: number, delaySeconds: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#referenceSeconds = sentSeconds;
    this.#levelSeconds = delaySeconds;
  }

  /** Delay that the line expects of a sample sent at this time, in seconds (clock offset included). */
  expectedDelaySeconds(sentSeconds: number): number {
    return this.#levelSeconds + this.#slope * (sentSeconds - this.#referenceSeconds);
  }

  /** True once a block is in: before that the line is one sample's delay, no baseline. */
  get isLearned(): boolean {
    return this.#count > 0;
  }

  /** Receiver's clock rate over the sender's, minus one; null until half a minute was heard. */
  get skew(): number | null {
    return this.#count >= LEARNING_BLOCKS ? this.#slope : null;
  }

  /** Blocks remembered. */
  get blockCount(): number {
    return this.#count;
  }

  /** Send time of the i-th oldest block, unix seconds. */
  blockSentSeconds(i: number): number {
    return this.#sentSeconds(this.#at(i));
  }

  /** Median raw delay of the i-th oldest block, seconds, clock offset included. */
  blockDelaySeconds(i: number): number {
    return this.#delaySeconds(this.#at(i));
  }

  /**
   * Adds one block: the mean send time and the median delay of its samples.
   * @param isHeld true while the delay is known not to be what it usually is: then nothing is learned from it, so that
   *   the line is still there when the delay comes back
   */
  addBlock(sentSeconds: number, delaySeconds: number, isHeld = false): void {
    this.#blocks[2 * this.#next] = sentSeconds;
    this.#blocks[2 * this.#next + 1] = delaySeconds;
    this.#held[this.#next] = isHeld ? 1 : 0;
    this.#next = (this.#next + 1) % HORIZON_BLOCKS;
    this.#count = Math.min(this.#count + 1, HORIZON_BLOCKS);

    const predicted = this.expectedDelaySeconds(sentSeconds);
    if (this.#count >= SLOPE_BLOCKS && !isHeld) this.#slope = this.#medianSlope();
    this.#referenceSeconds = sentSeconds;
    this.#levelSeconds = isHeld ? predicted : this.#learnedLevel(predicted, delaySeconds);
  }

  /** What was held back was the clock's own doing: from now on it is learned from like all else. */
  trustHeld(): void {
    this.#held.fill(0);
  }

  /** Whether the i-th oldest block was held back. */
  isHeld(i: number): boolean {
    return this.#held[this.#at(i)] === 1;
  }

  /** Delay of the line at the newest block, from its own delay and the one that was predicted for it. */
  #learnedLevel(predicted: number, delaySeconds: number): number {
    if (this.#count <= LEARNING_BLOCKS) return this.#fittedLevel();
    return predicted + this.#clippedStep(delaySeconds - predicted);
  }

  /** Index of the i-th oldest block. */
  #at(i: number): number {
    return (this.#next - this.#count + i + HORIZON_BLOCKS) % HORIZON_BLOCKS;
  }

  #sentSeconds(block: number): number {
    return this.#blocks[2 * block] ?? 0;
  }

  #delaySeconds(block: number): number {
    return this.#blocks[2 * block + 1] ?? 0;
  }

  #medianSlope(): number {
    const lag = Math.max(1, this.#count >> 2);
    let pairs = 0;
    for (let i = lag; i < this.#count; i++) {
      const now = this.#at(i);
      const before = this.#at(i - lag);
      if (this.#held[now] === 1 || this.#held[before] === 1) continue;
      const span = this.#sentSeconds(now) - this.#sentSeconds(before);
      const slope = (this.#delaySeconds(now) - this.#delaySeconds(before)) / span;
      // Faster than any clock: the network's doing, as when a queue fills.
      if (Math.abs(slope) <= MAX_SKEW) scratch[pairs++] = slope;
    }
    return pairs < Math.max(1, MIN_PAIRS_SHARE * this.#count) ? this.#slope : medianInPlace(scratch, pairs);
  }

  /** Median level of all blocks, brought along the slope to the newest; without a slope, the newest block's own. */
  #fittedLevel(): number {
    if (this.#count < SLOPE_BLOCKS) return this.#delaySeconds(this.#at(this.#count - 1));
    for (let i = 0; i < this.#count; i++) scratch[i] = this.#levelAtReference(this.#at(i));
    return medianInPlace(scratch, this.#count);
  }

  #levelAtReference(block: number): number {
    const age = this.#referenceSeconds - this.#sentSeconds(block);
    return this.#delaySeconds(block) + this.#slope * age;
  }

  #clippedStep(innovationSeconds: number): number {
    const limit = CLIP_SIGMAS * this.#noiseSeconds();
    return Math.min(Math.max(innovationSeconds, -limit), limit) / FOLLOW_BLOCKS;
  }

  /** Robust standard deviation of block medians, from the changes between neighbours: steps do not raise it. */
  #noiseSeconds(): number {
    const changes = this.#count - 1;
    for (let i = 0; i < changes; i++) {
      const change = this.#levelAtReference(this.#at(i + 1)) - this.#levelAtReference(this.#at(i));
      scratch[i] = Math.abs(change);
    }
    const sigma = (MAD_TO_SIGMA * medianInPlace(scratch, changes)) / Math.SQRT2;
    return Math.max(sigma, MIN_NOISE_SECONDS);
  }
}
