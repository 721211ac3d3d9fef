import type { Alarm } from './alarm.ts';
import type { MeasuredKind } from './detection-options.ts';
import type { FaultTracker } from './fault-tracker.ts';

/** How a kind is told, read from the detectors of its stream. */
export interface Naming {
  readonly alarm: (of: FaultTracker) => Alarm;
  /** False while another kind shares the alarm. */
  readonly applies?: (of: FaultTracker) => boolean;
  /** What severity is drawn from, in the unit of the thresholds of the kind. */
  readonly size: (of: FaultTracker) => number;
  /** Where the alarm does not know it. */
  readonly confidence?: (of: FaultTracker) => number;
  /** What is known of it, with units in the names. */
  readonly parameters: (of: FaultTracker) => Readonly<Record<string, number>>;
  /** True when a late receiver could look like it. */
  readonly isTimed?: boolean;
}

/** Every kind that a stream's detectors tell of. */
export const NAMINGS: Readonly<Record<MeasuredKind, Naming>> = {
  loss: {
    alarm: (of) => of.loss.rate.alarm,
    applies: (of) => !of.loss.isBursty,
    size: (of) => of.loss.rate.ratio,
    parameters: (of) => ({ loss_ratio: of.loss.rate.ratio }),
  },
  'burst-loss': {
    alarm: (of) => of.loss.rate.alarm,
    applies: (of) => of.loss.isBursty,
    size: (of) => of.loss.rate.ratio,
    parameters: (of) => ({ loss_ratio: of.loss.rate.ratio, mean_run: of.loss.meanRun }),
  },
  'periodic-loss': {
    alarm: (of) => of.loss.period.alarm,
    size: (of) => 1 / of.loss.period.periodSlots,
    confidence: (of) => 1 - of.loss.period.pValue,
    parameters: (of) => ({
      period_seconds: of.loss.period.periodSlots / of.sampleRateHz,
      p_value: of.loss.period.pValue,
    }),
  },
  'delay-shift': {
    alarm: (of) => of.delay.shift.alarm,
    size: (of) => of.delay.shift.shiftSeconds,
    parameters: (of) => ({ shift_seconds: of.delay.shift.shiftSeconds }),
    isTimed: true,
  },
  jitter: {
    alarm: (of) => of.delay.jitter.alarm,
    size: (of) => of.delay.jitter.jitterSeconds,
    parameters: (of) => ({ jitter_seconds: of.delay.jitter.jitterSeconds }),
    isTimed: true,
  },
  'periodic-delay': {
    alarm: (of) => of.delay.pulses.period.alarm,
    size: (of) => of.delay.pulses.heightSeconds,
    confidence: (of) => 1 - of.delay.pulses.period.pValue,
    parameters: (of) => ({
      period_seconds: of.delay.pulses.period.periodSlots / of.sampleRateHz,
      delay_seconds: of.delay.pulses.heightSeconds,
      pulse_seconds: of.delay.pulses.lengthSlots / of.sampleRateHz,
      p_value: of.delay.pulses.period.pValue,
    }),
    isTimed: true,
  },
  congestion: {
    alarm: (of) => of.delay.queue.alarm,
    size: (of) => of.delay.queue.queueSeconds,
    parameters: (of) => ({ queue_seconds: of.delay.queue.queueSeconds, growth_ratio: of.delay.queue.growth }),
    isTimed: true,
  },
  reorder: {
    alarm: (of) => of.reorder.alarm,
    // Jitter that is just being proved makes samples overtake one another.
    applies: (of) => !of.delay.isShaken,
    size: (of) => of.reorder.ratio,
    parameters: (of) => ({ reorder_ratio: of.reorder.ratio }),
  },
  duplicate: {
    alarm: (of) => of.duplicate.alarm,
    size: (of) => of.duplicate.ratio,
    parameters: (of) => ({ duplicate_ratio: of.duplicate.ratio }),
  },
  corrupt: {
    alarm: (of) => of.corrupt.rate.alarm,
    size: (of) => of.corrupt.rate.ratio,
    parameters: (of) => ({ corrupt_ratio: of.corrupt.rate.ratio }),
  },
  'clock-drift': {
    alarm: (of) => of.drift.alarm,
    size: (of) => (of.drift.skew - of.drift.referenceSkew) * 1e6,
    parameters: (of) => ({
      skew_ppm: of.drift.skew * 1e6,
      change_ppm: (of.drift.skew - of.drift.referenceSkew) * 1e6,
    }),
  },
};
