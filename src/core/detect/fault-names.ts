import type { Fault } from '../verdict.ts';
import type { Alarm } from './alarm.ts';
import { type DetectionOptions, type MeasuredKind, severityOf } from './detection-options.ts';
import { EXPLAINED_SECONDS, EXPLAINS } from './explain.ts';
import type { FaultTracker } from './fault-tracker.ts';

/** A chance of one in a million that loss as it is now made this silence. */
const SILENCE_CHANCE = 1e-6;
const SILENT_SECONDS = 0.4;
const SILENT_INTERVALS = 8;
/** Where losses come in bursts, so many times their mean length. */
const SILENT_BURSTS = 3;
const DOUBTED_CONFIDENCE = 0.5;
const NONE: readonly Fault[] = [];

/** How a kind is told. `parameters` begins with the one that severity is drawn from. */
interface Naming {
  readonly alarm: (of: FaultTracker) => Alarm;
  /** False while another kind shares the alarm. */
  readonly applies?: (of: FaultTracker) => boolean;
  readonly size: (of: FaultTracker) => number;
  readonly confidence: (of: FaultTracker) => number;
  readonly parameters: (of: FaultTracker) => Readonly<Record<string, number>>;
  /** True when a late receiver could look like it. */
  readonly isTimed?: boolean;
}

/** Every kind that a stream's detectors tell of. */
const NAMINGS: Readonly<Record<MeasuredKind, Naming>> = {
  loss: {
    alarm: (of) => of.loss.rate.alarm,
    applies: (of) => !of.loss.isBursty,
    size: (of) => of.loss.rate.ratio,
    confidence: (of) => of.loss.rate.confidence,
    parameters: (of) => ({ loss_ratio: of.loss.rate.ratio }),
  },
  'burst-loss': {
    alarm: (of) => of.loss.rate.alarm,
    applies: (of) => of.loss.isBursty,
    size: (of) => of.loss.rate.ratio,
    confidence: (of) => of.loss.rate.confidence,
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
    alarm: (of) => of.shift.alarm,
    size: (of) => of.shift.shiftSeconds,
    confidence: (of) => of.shift.confidence,
    parameters: (of) => ({ shift_seconds: of.shift.shiftSeconds }),
    isTimed: true,
  },
  jitter: {
    alarm: (of) => of.jitter.alarm,
    size: (of) => of.jitter.jitterSeconds,
    confidence: (of) => of.jitter.confidence,
    parameters: (of) => ({ jitter_seconds: of.jitter.jitterSeconds }),
    isTimed: true,
  },
  'periodic-delay': {
    alarm: (of) => of.pulses.period.alarm,
    size: (of) => of.pulses.heightSeconds,
    confidence: (of) => 1 - of.pulses.period.pValue,
    parameters: (of) => ({
      period_seconds: of.pulses.period.periodSlots / of.sampleRateHz,
      delay_seconds: of.pulses.heightSeconds,
      pulse_seconds: of.pulses.lengthSlots / of.sampleRateHz,
      p_value: of.pulses.period.pValue,
    }),
    isTimed: true,
  },
  congestion: {
    alarm: (of) => of.queue.alarm,
    size: (of) => of.queue.queueSeconds,
    confidence: (of) => of.queue.confidence,
    parameters: (of) => ({ queue_seconds: of.queue.queueSeconds, growth_ratio: of.queue.growth }),
    isTimed: true,
  },
  reorder: {
    alarm: (of) => of.reorder.alarm,
    size: (of) => of.reorder.ratio,
    confidence: (of) => of.reorder.confidence,
    parameters: (of) => ({ reorder_ratio: of.reorder.ratio }),
  },
  duplicate: {
    alarm: (of) => of.duplicate.alarm,
    size: (of) => of.duplicate.ratio,
    confidence: (of) => of.duplicate.confidence,
    parameters: (of) => ({ duplicate_ratio: of.duplicate.ratio }),
  },
  corrupt: {
    alarm: (of) => of.corrupt.rate.alarm,
    size: (of) => of.corrupt.rate.ratio,
    confidence: (of) => of.corrupt.rate.confidence,
    parameters: (of) => ({ corrupt_ratio: of.corrupt.rate.ratio }),
  },
  'clock-drift': {
    alarm: (of) => of.drift.alarm,
    size: (of) => (of.drift.skew - of.drift.referenceSkew) * 1e6,
    confidence: (of) => of.drift.confidence,
    parameters: (of) => ({
      skew_ppm: of.drift.skew * 1e6,
      change_ppm: (of.drift.skew - of.drift.referenceSkew) * 1e6,
    }),
  },
};

const KINDS = Object.keys(NAMINGS) as readonly MeasuredKind[];
const EXPLAINING = (Object.keys(EXPLAINS) as readonly MeasuredKind[]).filter((kind) => EXPLAINS[kind].length > 0);
const ALARMS: readonly MeasuredKind[] = KINDS.filter((kind) => kind !== 'burst-loss');

/** Turns the alarms of a stream's detectors into faults, one name for one cause. */
export class FaultNames {
  readonly #of: FaultTracker;
  readonly #options: DetectionOptions;
  /** By kind: until when it counts as explained by another. */
  readonly #explainedUntil = new Float64Array(KINDS.length);

  readonly #alarms: readonly Alarm[];

  constructor(of: FaultTracker, options: DetectionOptions) {
    this.#alarms = ALARMS.map((kind) => NAMINGS[kind].alarm(of));
    this.#of = of;
    this.#options = options;
  }

  get changes(): number {
    let changes = 0;
    for (const alarm of this.#alarms) changes += alarm.changes;
    return changes;
  }

  faults(nowSeconds: number, silentSinceSeconds: number | null, isDoubted: boolean): readonly Fault[] {
    const silent = this.#silent(nowSeconds, silentSinceSeconds);
    if (silent !== null) return [silent];
    if (!this.#hasOpen) return NONE;
    this.#explain(nowSeconds);
    const faults: Fault[] = [];
    for (const [i, kind] of KINDS.entries()) {
      if (this.#stands(kind) && nowSeconds >= (this.#explainedUntil[i] ?? 0)) faults.push(this.#tell(kind, isDoubted));
    }
    return faults;
  }

  get #hasOpen(): boolean {
    for (const alarm of this.#alarms) if (alarm.isOpen) return true;
    return false;
  }

  #stands(kind: MeasuredKind): boolean {
    const { alarm, applies } = NAMINGS[kind];
    return alarm(this.#of).isOpen && (applies?.(this.#of) ?? true);
  }

  #explain(nowSeconds: number): void {
    for (const [i, kind] of KINDS.entries()) if (!this.#stands(kind)) this.#explainedUntil[i] = 0;
    for (const kind of EXPLAINING) {
      if (!this.#stands(kind) || nowSeconds < (this.#explainedUntil[KINDS.indexOf(kind)] ?? 0)) continue;
      for (const explained of EXPLAINS[kind]) {
        if (this.#stands(explained)) this.#explainedUntil[KINDS.indexOf(explained)] = nowSeconds + EXPLAINED_SECONDS;
      }
    }
  }

  #tell(kind: MeasuredKind, isDoubted: boolean): Fault {
    const { alarm, size, confidence, parameters, isTimed } = NAMINGS[kind];
    const sure = confidence(this.#of);
    return {
      kind,
      since: alarm(this.#of).sinceSeconds,
      severity: severityOf(size(this.#of), this.#options.severity[kind]),
      confidence: Math.min(Math.max(isDoubted && isTimed ? sure * DOUBTED_CONFIDENCE : sure, 0), 1),
      parameters: parameters(this.#of),
    };
  }

  /** Silence must be longer than what the loss that is known explains. */
  #silent(nowSeconds: number, sinceSeconds: number | null): Fault | null {
    if (sinceSeconds === null) return null;
    const { loss, sampleRateHz } = this.#of;
    let intervals = SILENT_INTERVALS;
    if (loss.rate.alarm.isOpen) {
      const ratio = Math.min(Math.max(loss.rate.ratio, 0.001), 0.95);
      const usual = loss.isBursty ? SILENT_BURSTS * loss.meanRun : Math.log(SILENCE_CHANCE) / Math.log(ratio);
      intervals = Math.max(intervals, usual);
    }
    const quietSeconds = nowSeconds - sinceSeconds;
    if (quietSeconds <= Math.max(SILENT_SECONDS, intervals / sampleRateHz)) return null;
    const parameters = { silent_seconds: quietSeconds };
    return { kind: 'silent', since: sinceSeconds, severity: 'critical', confidence: 1, parameters };
  }
}
