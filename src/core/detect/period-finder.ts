import { Alarm } from './alarm.ts';

export interface PeriodFinderOptions {
  /** A period is claimed from this p-value down. */
  readonly maxPValue: number;
  /** Slots in a second: by it slots become seconds. */
  readonly sampleRateHz: number;
}

/** Events remembered. */
const CAPACITY = 32;
const MIN_EVENTS = 5;
/** The p-value falls by this factor, down to this value, with each further event that comes when it is due. */
const KEPT_FACTOR = 10;
const MIN_P_VALUE = 1e-12;
/** The newest event is paired with so many before it; each pair proposes a period. */
const CANDIDATES = 3;
const MIN_PERIOD_SLOTS = 8;
const MAX_PERIOD_SLOTS = 800;
/** Events within so many seconds that are judged by the plain p-value; more of them share it. */
const FREE_EVENTS = 8;
const CROWD_SECONDS = 600;
/** Multiples of the proposed period looked at. */
const MAX_MULTIPLES = 12;
/** How far from its place on the period an event may lie: a slot either way, and this share of the distance. */
const TOLERANCE_SLOTS = 1;
const TOLERANCE_SHARE = 0.01;
/** A period ends when so many events in a row did not come. */
const MISSED_PERIODS = 3;

/**
 * Tells when events recur by the clock. Each new event is paired with those just before it; the distance proposes a
 * period, and windows one period apart, further back, are searched for events. Were the events there at random, with
 * the density they have, each window would be hit with probability q, so the number of hits has a binomial tail: that,
 * times the number of periods tried, is the p-value. So Walker (1914) judged the largest of several peaks of a spectrum;
 * here it is points, not a spectrum, since a handful of sharp events says more by its places than by its harmonics.
 */
export class PeriodFinder {
  readonly alarm = new Alarm();
  /** Of the period that was claimed last, as it was measured since. */
  periodSlots = 0;
  /** Probability that events at random look like it. */
  pValue = 1;
  readonly #maxPValue: number;
  readonly #secondsPerSlot: number;
  readonly #slots = new Float64Array(CAPACITY);
  #count = 0;
  /** Events of the last ten minutes, older ones fading. */
  #crowd = 0;
  #lastSeconds = 0;
  #firstSlot = 0;
  #cycles = 0;
  #lastInPhase = 0;
  #strays = 0;
  #trialPeriod = 0;
  #trialMultiples = 0;

  constructor({ maxPValue, sampleRateHz }: PeriodFinderOptions) {
    this.#maxPValue = maxPValue;
    this.#secondsPerSlot = 1 / sampleRateHz;
  }

  /** How many events came between the places of the period that was claimed last, since the last that came in place. */
  get strays(): number {
    return this.#strays;
  }

  /** No period is claimed, and no event is remembered. */
  restart(): void {
    this.alarm.close();
    this.#count = 0;
  }

  /** An event began in this slot, at this time in unix seconds. */
  add(slot: number, seconds: number): void {
    const sinceLast = this.#count > 0 ? Math.max(0, slot - this.#event(0)) * this.#secondsPerSlot : 0;
    this.#crowd = this.#crowd * Math.exp(-sinceLast / CROWD_SECONDS) + 1;
    this.#slots[this.#count++ % CAPACITY] = slot;
    this.#lastSeconds = seconds;
    if (this.alarm.isOpen) this.#track(slot);
    else if (this.#count >= MIN_EVENTS) this.#search(slot);
  }

  /** Forgets the newest event if it is this one. */
  takeBack(slot: number): void {
    if (this.#count > 0 && this.#slots[(this.#count - 1) % CAPACITY] === slot) this.#count--;
  }

  /** Time passes: a period whose events stay away is over. */
  pass(slot: number): void {
    if (!this.alarm.isOpen) return;
    if (slot - this.#lastInPhase <= (MISSED_PERIODS + 0.5) * this.periodSlots) return;
    this.alarm.close();
    this.#count = 0;
  }

  #search(slot: number): void {
    // The more events there are by chance, the more often a period is tried.
    let best = this.#maxPValue * Math.min(1, FREE_EVENTS / this.#crowd);
    let bestPeriod = 0;
    let bestMultiples = 0;
    for (let back = 1; back <= CANDIDATES; back++) {
      const pValue = CANDIDATES * this.#pValueOf(slot, slot - this.#event(back));
      if (pValue > best) continue;
      best = pValue;
      bestPeriod = this.#trialPeriod;
      bestMultiples = this.#trialMultiples;
    }
    if (bestPeriod === 0) return;
    this.pValue = best;
    this.periodSlots = bestPeriod;
    this.#firstSlot = slot - bestPeriod * bestMultiples;
    this.#cycles = bestMultiples;
    this.#lastInPhase = slot;
    this.#strays = 0;
    const spanSeconds = this.#secondsPerSlot * bestPeriod * bestMultiples;
    this.alarm.open(this.#lastSeconds - spanSeconds, this.#lastSeconds);
  }

  /**
   * The p-value of the events around a proposed period; leaves the refined period in `#trialPeriod`. Going back, what
   * lies beyond a pause that would have ended the period is no hit. Its places count as tried all the same: a search
   * that ends where the hits end favours hits.
   */
  #pValueOf(slot: number, proposed: number): number {
    this.#trialPeriod = proposed;
    this.#trialMultiples = 1;
    if (proposed < MIN_PERIOD_SLOTS || proposed > MAX_PERIOD_SLOTS) return 1;
    const remembered = Math.min(this.#count, CAPACITY);
    const oldest = this.#event(remembered - 1);
    let [tried, hits, back, lastHit] = [0, 0, 1, 1];
    for (let m = 2; m <= MAX_MULTIPLES; m++) {
      const place = slot - m * this.#trialPeriod;
      const tolerance = toleranceAt((m - lastHit) * this.#trialPeriod);
      if (place < oldest - tolerance) break;
      while (back < remembered - 1 && this.#event(back) > place + tolerance) back++;
      tried++;
      if (m - lastHit > MISSED_PERIODS || Math.abs(this.#event(back) - place) > tolerance) continue;
      hits++;
      lastHit = m;
      this.#trialPeriod = (slot - this.#event(back)) / m;
    }
    this.#trialMultiples = lastHit;
    if (hits < MIN_EVENTS - 2) return 1;
    // Events within the searched span, the newest not counted, are what chance has to place.
    let within = 1;
    const end = slot - (tried + 1.5) * this.#trialPeriod;
    while (within < remembered && this.#event(within) > end) within++;
    const density = (within - 1) / ((tried + 1) * this.#trialPeriod);
    return binomialTail(tried, hits, Math.min(0.9, density * (2 * toleranceAt(this.#trialPeriod) + 1)));
  }

  #track(slot: number): void {
    const cycles = (slot - this.#firstSlot) / this.periodSlots;
    const whole = Math.round(cycles);
    const tolerance = toleranceAt(slot - this.#lastInPhase);
    if (whole <= this.#cycles || Math.abs(cycles - whole) * this.periodSlots > 2 * tolerance) {
      this.#strays++;
      return;
    }
    this.#strays = 0;
    this.#cycles = whole;
    this.#lastInPhase = slot;
    this.periodSlots = (slot - this.#firstSlot) / whole;
    this.pValue = Math.max(this.pValue / KEPT_FACTOR, MIN_P_VALUE);
  }

  /** The event so many before the newest. */
  #event(back: number): number {
    return this.#slots[(this.#count - 1 - back + CAPACITY * 2) % CAPACITY] ?? 0;
  }
}

function toleranceAt(distanceSlots: number): number {
  return Math.max(TOLERANCE_SLOTS, TOLERANCE_SHARE * distanceSlots);
}

/** Probability of at least `hits` of `trials` when each has probability q. */
function binomialTail(trials: number, hits: number, q: number): number {
  let term = (1 - q) ** trials;
  let tail = hits === 0 ? term : 0;
  for (let k = 1; k <= trials; k++) {
    term *= ((trials - k + 1) / k) * (q / (1 - q));
    if (k >= hits) tail += term;
  }
  return tail;
}
