import { Alarm } from './alarm.ts';
import { Background } from './background.ts';

/** Rates a detector is tuned to, and for each the threshold of its sum. */
export interface RateDesign {
  /** Shares of trials that are hits, ascending. */
  readonly rates: readonly number[];
  /** In nats. */
  readonly thresholds: readonly number[];
  /** However rare hits have been, they are taken to be no rarer than this: it says how many of them prove a fault. */
  readonly leastBackground?: number;
}

/** A hit that turned out to be none. */
export interface TakenBack {
  /** How many of the two trials beside it are hits: it made so many pairs. */
  readonly hitsBeside: number;
  /** True when no trial came after it: the next one follows no hit. */
  readonly isNewest: boolean;
}

/** Where in its part of the array each sum has what belongs to it: one array, since there are many detectors. */
const LEVEL = 0;
const SINCE = 1;
const TRIALS = 2;
const HITS = 3;
const PAIRS = 4;
const HIT_STEP = 5;
const MISS_STEP = 6;
const FIELDS = 7;

/** A rate is not looked for when the background has a third of it. */
const MIN_CONTRAST = 3;
/** No single hit may be rarer than this against the rate looked for, or two in a row would prove anything. */
const MAX_RATIO = 500;
/** The measured rate of an open fault forgets what is older than about so many trials. */
const MEMORY_TRIALS = 2400;
/** Evidence that it is over, in nats: e^-9 is one in eight thousand. */
const END_EVIDENCE = 9;
/** The background is taken to be no rarer than this then, or a single hit would put the end off for long. */
const MIN_BACKGROUND_FOR_END = 1e-3;
/** For so long after it was found a fault may turn out to have been mere disorder. */
const RETRACT_SECONDS = 2;

/**
 * Tells when hits (losses, duplicates, …) come more often than they used to: Bernoulli CUSUMs (Page 1954; their steps
 * are log likelihood ratios) in parallel, each tuned to one rate, against a learned background. A trial costs next to
 * nothing while all sums are 0.
 */
export class RateDetector {
  readonly alarm = new Alarm();
  /** Trials, hits, and hits that followed a hit, since the fault began. */
  trials = 0;
  hits = 0;
  pairs = 0;
  readonly background = new Background();
  readonly #design: RateDesign;
  /** Null until the first hit: most streams have never seen a duplicate. */
  #sums: Float64Array | null = null;
  readonly #scale: number;
  #isIdle = true;
  #wasHit = false;
  #endEvidence = 0;
  #evidence = 0;

  /** @param thresholdScale factor on all thresholds, 1 for the published rate of false alarms */
  constructor(design: RateDesign, thresholdScale = 1) {
    this.#design = design;
    this.#scale = thresholdScale;
  }

  /** Share of hits since the fault began. */
  get ratio(): number {
    return this.trials > 0 ? this.hits / this.trials : 0;
  }

  /** True while some sum is above 0: something has come lately. */
  get isStirred(): boolean {
    return !this.#isIdle;
  }

  /** No fault stands, and nothing that came is evidence for one. The background is remembered. */
  restart(): void {
    this.alarm.close();
    this.#calm();
    this.#wasHit = false;
  }

  /** Takes one trial; `seconds` is when it was due. */
  add(isHit: boolean, seconds: number): void {
    if (isHit || !this.#isIdle) this.#accumulate(isHit, seconds);
    if (this.alarm.isOpen) this.#follow(isHit);
    // What may be the beginning of a fault is not learned as background.
    else if (this.#evidence < 0.5 && this.background.add(isHit) && this.#sums) this.#weigh(this.#sums);
    this.#wasHit = isHit;
  }

  /** A hit turned out to be none: the sample came after all. */
  takeBack(nowSeconds: number, { hitsBeside, isNewest }: TakenBack): void {
    if (isNewest) this.#wasHit = false;
    const sums = this.#sums;
    if (sums === null) return;
    for (let at = 0; at < sums.length; at += FIELDS) {
      const level = sums[at + LEVEL] ?? 0;
      if (level === 0) continue;
      sums[at + LEVEL] = Math.max(0, level - (sums[at + HIT_STEP] ?? 0) - (sums[at + MISS_STEP] ?? 0));
      sums[at + HITS] = Math.max(0, (sums[at + HITS] ?? 0) - 1);
      sums[at + PAIRS] = Math.max(0, (sums[at + PAIRS] ?? 0) - hitsBeside);
    }
    if (!this.alarm.isOpen) return;
    this.hits = Math.max(0, this.hits - 1);
    this.pairs = Math.max(0, this.pairs - hitsBeside);
    if (this.hits < 2 && nowSeconds - this.alarm.foundSeconds < RETRACT_SECONDS) this.end();
  }

  /** Ends the fault; sums begin anew. */
  end(): void {
    this.alarm.close();
    this.#calm();
  }

  /** True when what came lately is evidence that the fault is over: whoever owns the detector then ends it. */
  get isOver(): boolean {
    return this.#endEvidence >= END_EVIDENCE;
  }

  #calm(): void {
    for (let at = 0; at < (this.#sums?.length ?? 0); at += FIELDS) if (this.#sums) this.#sums[at + LEVEL] = 0;
    this.#isIdle = true;
    this.#evidence = 0;
    this.#endEvidence = 0;
    this.trials = this.hits = this.pairs = 0;
  }

  #accumulate(isHit: boolean, seconds: number): void {
    const sums = (this.#sums ??= this.#weigh(new Float64Array(FIELDS * this.#design.rates.length)));
    this.#isIdle = true;
    this.#evidence = 0;
    let [best, isAlarm] = [0, false];
    for (let at = 0, i = 0; at < sums.length; at += FIELDS, i++) {
      const before = sums[at + LEVEL] ?? 0;
      if (before === 0 && !isHit) continue;
      const level = before + (isHit ? (sums[at + HIT_STEP] ?? 0) : -(sums[at + MISS_STEP] ?? 0));
      if (level <= 0) {
        sums[at + LEVEL] = 0;
        continue;
      }
      this.#isIdle = false;
      if (before === 0) begin(sums, at, seconds);
      const threshold = (this.#design.thresholds[i] ?? 0) * this.#scale;
      sums[at + LEVEL] = Math.min(level, 4 * threshold);
      sums[at + TRIALS] = (sums[at + TRIALS] ?? 0) + 1;
      if (isHit) {
        sums[at + HITS] = (sums[at + HITS] ?? 0) + 1;
        if (this.#wasHit) sums[at + PAIRS] = (sums[at + PAIRS] ?? 0) + 1;
      }
      this.#evidence = Math.max(this.#evidence, level / threshold);
      isAlarm ||= level >= threshold;
      if (level >= (sums[best + LEVEL] ?? 0)) best = at;
    }
    // The likeliest of the rates says when it began.
    if (isAlarm && !this.alarm.isOpen) this.#open(sums, best, seconds);
    if (isAlarm) this.alarm.strengthen(this.#evidence);
  }

  #open(sums: Float64Array, at: number, seconds: number): void {
    this.alarm.open(sums[at + SINCE] ?? seconds, seconds);
    // The trial at hand is counted once more when it is followed.
    this.trials = (sums[at + TRIALS] ?? 0) - 1;
    this.hits = (sums[at + HITS] ?? 0) - 1;
    this.pairs = (sums[at + PAIRS] ?? 0) - (this.#wasHit ? 1 : 0);
    this.#endEvidence = 0;
  }

  /**
   * Keeps the counts of an open fault, and tests whether what comes is the background again or at least half the fault.
   */
  #follow(isHit: boolean): void {
    this.trials++;
    if (isHit) {
      this.hits++;
      if (this.#wasHit) this.pairs++;
    }
    if (this.trials > MEMORY_TRIALS) {
      this.trials /= 2;
      this.hits /= 2;
      this.pairs /= 2;
    }
    const lasting = Math.min(Math.max(this.ratio / 2, this.#design.rates[0] ?? 0), 0.5);
    const over = Math.min(Math.max(this.background.rate, MIN_BACKGROUND_FOR_END), lasting / 3);
    const step = isHit ? Math.log(over / lasting) : Math.log((1 - over) / (1 - lasting));
    this.#endEvidence = Math.max(0, this.#endEvidence + step);
  }

  #weigh(sums: Float64Array): Float64Array {
    const { rates, leastBackground } = this.#design;
    for (let i = 0, at = 0; i < rates.length; i++, at += FIELDS) {
      const rate = rates[i] ?? 0;
      const background = Math.max(this.background.rate, leastBackground ?? rate / MAX_RATIO);
      const isContrary = rate < MIN_CONTRAST * background;
      sums[at + HIT_STEP] = isContrary ? 0 : Math.log(rate / background);
      sums[at + MISS_STEP] = Math.log((1 - background) / (1 - rate));
    }
    return sums;
  }
}

function begin(sums: Float64Array, at: number, seconds: number): void {
  sums[at + SINCE] = seconds;
  sums[at + TRIALS] = sums[at + HITS] = sums[at + PAIRS] = 0;
}
