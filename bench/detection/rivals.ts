import { createSpectrumPlan } from '../../src/core/power-spectrum.ts';
import { SAMPLE_RATE_HZ } from './simulated-server.ts';

/** A detector that NetWatch is compared with, on the same arrivals. */
export interface Rival {
  readonly name: string;
  /** Seconds from `begin` to its first alarm; null while there was none. */
  readonly detectedSeconds: number | null;
  /** Alarms that began before `begin`, or ever, when it never began. */
  readonly alarms: number;
  begin(seconds: number): void;
  hear(slot: number, value: number, receivedSeconds: number): void;
  /** Time has come so far. */
  pass(nowSeconds: number): void;
}

/** Alarms, counted and timed. */
abstract class Alarming {
  detectedSeconds: number | null = null;
  alarms = 0;
  #began: number | null = null;
  #isOn = false;

  begin(seconds: number): void {
    this.#began = seconds;
  }

  protected say(isOn: boolean, nowSeconds: number): void {
    if (isOn && this.#began !== null && nowSeconds >= this.#began) this.detectedSeconds ??= nowSeconds - this.#began;
    if (isOn && !this.#isOn && this.#began === null) this.alarms++;
    this.#isOn = isOn;
  }
}

const NAIVE_SAMPLES = 2048;
const NAIVE_WARNING = 0.2;
/** Evaluated so far apart: a transform of 2048 points is not cheap. */
const NAIVE_HOP_SLOTS = 40;
const SIGNAL_BINS = 2;

/** The naive reading: the last 2048 samples in the order of their arrival, Hann, FFT, noise over all. */
class Naive extends Alarming implements Rival {
  readonly name = 'naive spectrum';
  readonly #toneHz: number;
  readonly #plan = createSpectrumPlan(NAIVE_SAMPLES);
  readonly #values = new Float64Array(NAIVE_SAMPLES);
  #count = 0;
  #evaluated = 0;

  constructor(toneHz: number) {
    super();
    this.#toneHz = toneHz;
  }

  hear(_slot: number, value: number): void {
    this.#values[this.#count++ % NAIVE_SAMPLES] = value;
  }

  pass(nowSeconds: number): void {
    if (this.#count < NAIVE_SAMPLES || this.#count - this.#evaluated < NAIVE_HOP_SLOTS) return;
    this.#evaluated = this.#count;
    const { input, power } = this.#plan;
    for (let n = 0; n < NAIVE_SAMPLES; n++) {
      input[2 * n] = this.#values[(this.#count + n) % NAIVE_SAMPLES] ?? 0;
      input[2 * n + 1] = 0;
    }
    this.#plan.transform();
    const bin = Math.round((this.#toneHz / SAMPLE_RATE_HZ) * NAIVE_SAMPLES);
    let [signal, all] = [0, 0];
    for (let m = 1; m < NAIVE_SAMPLES / 2; m++) {
      all += power[m] ?? 0;
      if (Math.abs(m - bin) <= SIGNAL_BINS) signal += power[m] ?? 0;
    }
    this.say(all === 0 || 1 - signal / all >= NAIVE_WARNING, nowSeconds);
  }
}

const PHI_WINDOW = 1000;
/** Φ = 8: a chance of 10⁻⁸ that a normal variable lies so many sigmas up. */
const PHI_8_SIGMAS = 5.612;
const MIN_PHI_SIGMA_SECONDS = 0.1;

/** The Φ accrual detector (Hayashibara et al. 2004) with the least sigma of 100 ms that Akka gives it. */
class PhiAccrual extends Alarming implements Rival {
  readonly name = 'phi accrual, Φ = 8';
  readonly #intervals = new Float64Array(PHI_WINDOW);
  #count = 0;
  #sum = 0;
  #squares = 0;
  #last = Number.NaN;

  hear(_slot: number, _value: number, receivedSeconds: number): void {
    this.pass(receivedSeconds);
    const interval = receivedSeconds - this.#last;
    this.#last = receivedSeconds;
    if (Number.isNaN(interval)) return;
    const at = this.#count++ % PHI_WINDOW;
    const old = this.#intervals[at] ?? 0;
    this.#sum += interval - old;
    this.#squares += interval * interval - old * old;
    this.#intervals[at] = interval;
    this.say(false, receivedSeconds);
  }

  pass(nowSeconds: number): void {
    const count = Math.min(this.#count, PHI_WINDOW);
    if (count < 10) return;
    const mean = this.#sum / count;
    const sigma = Math.max(Math.sqrt(Math.max(0, this.#squares / count - mean * mean)), MIN_PHI_SIGMA_SECONDS);
    if (nowSeconds - this.#last > mean + PHI_8_SIGMAS * sigma) this.say(true, nowSeconds);
  }
}

const RATIO_SLOTS = 60 * SAMPLE_RATE_HZ;
const RATIO_THRESHOLD = 0.01;
/** What is later than this is lost. */
const DEADLINE_SLOTS = 2 * SAMPLE_RATE_HZ;

/** At least 1 % lost over the last 60 s. */
class LossRatio extends Alarming implements Rival {
  readonly name = 'loss ratio over 60 s, 1 %';
  readonly #came = new Uint8Array(RATIO_SLOTS + 2 * DEADLINE_SLOTS);
  #cursor = -1;
  #got = 0;
  #judged = 0;

  hear(slot: number): void {
    this.#came[slot % this.#came.length] = 1;
  }

  pass(nowSeconds: number): void {
    const head = Math.floor((nowSeconds % 1e8) * SAMPLE_RATE_HZ);
    if (this.#cursor < 0) this.#cursor = head;
    for (; this.#cursor < head; this.#cursor++) {
      const size = this.#came.length;
      const slot = this.#judged++;
      const ripe = slot - DEADLINE_SLOTS;
      if (ripe < 0) continue;
      this.#got += this.#came[ripe % size] ?? 0;
      const leaving = ripe - RATIO_SLOTS;
      if (leaving < 0) continue;
      this.#got -= this.#came[leaving % size] ?? 0;
      this.#came[leaving % size] = 0;
      this.say(1 - this.#got / RATIO_SLOTS >= RATIO_THRESHOLD, nowSeconds);
    }
  }
}

export function createRivals(toneHz: number): readonly Rival[] {
  return [new Naive(toneHz), new PhiAccrual(), new LossRatio()];
}
