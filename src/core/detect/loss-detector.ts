import { PeriodFinder } from './period-finder.ts';
import { RateDetector, type RateDesign, type TakenBack } from './rate-detector.ts';

/**
 * Thresholds for one false alarm of each rate in some 1 300 days (50 %: in some 100 days) at 20 samples/s and a
 * background of 0.1 %, from the exact run length of the Markov chain of the sum: ln of the run length and a constant.
 * They hardly depend on the background: by 0.3 from 2e-4 to 3e-3.
 */
const LOSS_DESIGN: RateDesign = {
  rates: [0.01, 0.02, 0.05, 0.1, 0.5],
  thresholds: [15.8, 16.5, 17.3, 18, 17.2],
};
/** Likelihood ratio statistic of dependence between neighbours; χ² with one degree: 20 is less than one in 100 000. */
const BURST_STATISTIC = 20;
const MIN_BURST_PAIRS = 4;
/** Share of losses that follow a loss: from here on losses come in bursts, and below the other they do not any more. */
const BURST_SHARE = 0.4;
const SCATTERED_SHARE = 0.25;
/** The same at the end of a fault, which a single run of losses reaches before it can be told from the other way. */
const RUN_SHARE = 0.75;
const RUN_STATISTIC = 12;
/**
 * A burst fault lasts until there was none for four times their usual distance, in these bounds. The quiet since the
 * last one is part of that distance: after four bursts or fewer, when little is known of it, only the longest ends it.
 */
const MIN_BURST_HOLD_SECONDS = 15;
const MAX_BURST_HOLD_SECONDS = 300;
/** The pattern is looked at whenever so many trials have passed. */
const LOOK_TRIALS = 16;
/** A claim of a period among random losses, tried at every loss. */
const PERIOD_P_VALUE = 1e-6;

/** Losses: that there are more than usual, and whether they come one by one, in bursts, or by the clock. */
export class LossDetector {
  readonly rate: RateDetector;
  readonly period: PeriodFinder;
  /** True when the open fault is one of bursts. */
  isBursty = false;
  #lastLossSeconds = 0;
  #wasLost = false;
  #looked = 0;

  /** @param thresholdScale factor on the thresholds of the rates, 1 for the published rate of false alarms */
  constructor(sampleRateHz: number, thresholdScale: number) {
    this.period = new PeriodFinder({ maxPValue: PERIOD_P_VALUE, sampleRateHz });
    this.rate = new RateDetector(LOSS_DESIGN, thresholdScale);
  }

  /** The stream begins anew: no fault stands. How much is usually lost is remembered. */
  restart(): void {
    this.rate.restart();
    this.period.restart();
    this.isBursty = false;
    this.#wasLost = false;
  }

  /** Takes one slot in the order of the grid. `seconds` is when it was due, unix seconds. */
  add(isLost: boolean, index: number, seconds: number): void {
    this.rate.add(isLost, seconds);
    if (isLost) {
      if (!this.#wasLost) this.period.add(index, seconds);
      this.#lastLossSeconds = seconds;
    }
    this.#wasLost = isLost;
    this.#passPeriod(index);
    if (!this.rate.alarm.isOpen) {
      this.isBursty = false;
      return;
    }
    if (++this.#looked % LOOK_TRIALS === 0 || isLost) this.#lookAtPattern();
    this.#endIfOver(seconds);
  }

  /** A slot taken for lost was filled after all. */
  takeBack(index: number, nowSeconds: number, what: TakenBack): void {
    if (what.isNewest) this.#wasLost = false;
    this.rate.takeBack(nowSeconds, what);
    this.period.takeBack(index);
    if (this.isBursty) this.#lookAtPattern();
  }

  /** Mean number of losses in a row. */
  get meanRun(): number {
    const { hits, pairs } = this.rate;
    return hits > pairs ? hits / (hits - pairs) : 1;
  }

  /**
   * What came by the clock was explained by that: once it is over, it is no evidence for losses that begin later. When
   * others have begun already, all of it is kept: they are not to be found later than they were.
   */
  #passPeriod(index: number): void {
    const wasPeriodic = this.period.alarm.isOpen;
    this.period.pass(index);
    if (wasPeriodic && !this.period.alarm.isOpen && this.period.strays === 0) this.rate.end();
  }

  #lookAtPattern(): void {
    const { hits, pairs, trials } = this.rate;
    const share = hits > 0 ? pairs / hits : 0;
    if (this.isBursty) this.isBursty = share > Math.max(SCATTERED_SHARE, 1.2 * this.rate.ratio);
    else if (pairs >= MIN_BURST_PAIRS && share > Math.max(BURST_SHARE, 1.5 * this.rate.ratio)) {
      this.isBursty = dependence(trials, hits, pairs) > BURST_STATISTIC;
    }
  }

  get #wasOneRun(): boolean {
    const { hits, pairs, trials } = this.rate;
    if (pairs < MIN_BURST_PAIRS || pairs < RUN_SHARE * hits) return false;
    return dependence(trials, hits, pairs) > RUN_STATISTIC;
  }

  #endIfOver(seconds: number): void {
    const { rate } = this;
    if (!this.isBursty) {
      // One long run, and nothing after it: that was a burst, and is told as one.
      this.isBursty = rate.isOver && this.#wasOneRun;
      if (rate.isOver && !this.isBursty) rate.end();
      return;
    }
    const bursts = Math.max(1, rate.hits - rate.pairs);
    const distanceSeconds = (seconds - rate.alarm.sinceSeconds) / bursts;
    const holdSeconds = Math.min(Math.max(4 * distanceSeconds, MIN_BURST_HOLD_SECONDS), MAX_BURST_HOLD_SECONDS);
    if (seconds - this.#lastLossSeconds > holdSeconds) rate.end();
  }
}

/** Twice the log likelihood ratio of a chain of first order against independence (Anderson and Goodman 1957). */
function dependence(trials: number, hits: number, pairs: number): number {
  const misses = trials - hits;
  const alone = hits - pairs;
  const share = hits / trials;
  const [afterHit, afterMiss] = [pairs / hits, alone / Math.max(misses, 1)];
  const term = (count: number, from: number, to: number) => (count > 0 ? count * Math.log(to / from) : 0);
  return (
    2 *
    (term(pairs, share, afterHit) +
      term(alone, 1 - share, 1 - afterHit) +
      term(alone, share, afterMiss) +
      term(misses - alone, 1 - share, 1 - afterMiss))
  );
}
