import { PeriodFinder } from './period-finder.ts';

/** A sample is part of a pulse when it is later than so many sigmas, and than so much. */
const PULSE_SIGMAS = 8;
const MIN_PULSE_SECONDS = 1e-3;
/** Late samples no further apart than this are one pulse. */
const MERGE_SLOTS = 3;
/** On a healthy link pulses are rare, so one in ten thousand among them is rarer than the rate of false alarms asks. */
const PERIOD_P_VALUE = 1e-4;
/** Of so many of the newest pulses height and length are averages. */
const MEMORY_PULSES = 4;

/** Delays that come and go by the clock: pulses of lateness whose beginnings recur. */
export class PulseDetector {
  readonly period: PeriodFinder;
  /** Usual height of the newest pulses. */
  heightSeconds = 0;
  /** Usual length in slots. */
  lengthSlots = 0;
  #begin = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #height = 0;

  constructor(sampleRateHz: number) {
    this.period = new PeriodFinder({ maxPValue: PERIOD_P_VALUE, sampleRateHz });
  }

  /** The stream begins anew: no period is claimed, and no pulse is remembered. */
  restart(): void {
    this.period.restart();
    this.#last = Number.NEGATIVE_INFINITY;
    this.#height = 0;
    this.heightSeconds = 0;
    this.lengthSlots = 0;
  }

  /**
   * Takes one sample.
   * @param deviationSeconds lateness above what is normal
   * @param sigmaSeconds sigma of the deviations as they are just now
   * @param index its slot
   * @param seconds unix seconds of the receiver's clock
   */
  add(deviationSeconds: number, sigmaSeconds: number, index: number, seconds: number): void {
    this.period.pass(index);
    if (deviationSeconds < Math.max(MIN_PULSE_SECONDS, PULSE_SIGMAS * sigmaSeconds)) return;
    if (index - this.#last > MERGE_SLOTS) {
      this.#remember();
      this.#begin = index;
      this.#height = 0;
      this.period.add(index, seconds);
    }
    this.#last = Math.max(this.#last, index);
    this.#height = Math.max(this.#height, deviationSeconds);
  }

  #remember(): void {
    if (this.#height === 0) return;
    const share = this.heightSeconds === 0 ? 1 : 1 / MEMORY_PULSES;
    this.heightSeconds += share * (this.#height - this.heightSeconds);
    this.lengthSlots += share * (this.#last - this.#begin + 1 - this.lengthSlots);
  }
}
