import { FAULT_KINDS, type Fault } from '../verdict.ts';
import type { Alarm } from './alarm.ts';
import { type DetectionOptions, type MeasuredKind, severityOf } from './detection-options.ts';
import { EXPLAINED_SECONDS, EXPLAINING, EXPLAINS, MUTUAL, MUTUAL_SECONDS } from './explain.ts';
import type { FaultTracker } from './fault-tracker.ts';
import { NAMINGS } from './namings.ts';

/** A chance of one in a million that loss as it is now made this silence. */
const SILENCE_CHANCE = 1e-6;
/** Loss of more than this explains no longer silence either: gaps of that length are not counted as losses any more. */
const MAX_EXPLAINING_LOSS = 0.9;
/** At least so long, and so many sample intervals. */
const SILENT_SECONDS = 0.4;
const SILENT_INTERVALS = 8;
/** Where losses come in bursts, so many times their mean length: less than one burst in a hundred is as long. */
const SILENT_BURSTS = 5;
const DOUBTED_CONFIDENCE = 0.5;
/** What was explained is told of its own from this much more on. */
const HYSTERESIS = 1.5;
const NONE: readonly Fault[] = [];

const KINDS = FAULT_KINDS.filter((kind): kind is MeasuredKind => Object.hasOwn(NAMINGS, kind));
/** Kinds with an alarm of their own. */
const ALARMS = KINDS.filter((kind) => kind !== 'burst-loss');

/** Turns the alarms of a stream's detectors into faults, one name for one cause. */
export class FaultNames {
  readonly #of: FaultTracker;
  readonly #options: DetectionOptions;
  /** By kind: until when it counts as explained by another. Null until there was a fault: most streams never have one. */
  #explainedUntil: Float64Array | null = null;

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
    const explainedUntil = (this.#explainedUntil ??= new Float64Array(KINDS.length));
    this.#explain(nowSeconds, explainedUntil);
    const faults: Fault[] = [];
    for (const [i, kind] of KINDS.entries()) {
      if (this.#stands(kind) && nowSeconds >= (explainedUntil[i] ?? 0)) faults.push(this.#tell(kind, isDoubted));
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

  #explain(nowSeconds: number, explainedUntil: Float64Array): void {
    for (const [i, kind] of KINDS.entries()) if (!this.#stands(kind)) explainedUntil[i] = 0;
    for (const kind of EXPLAINING) {
      if (!this.#stands(kind) || nowSeconds < (explainedUntil[KINDS.indexOf(kind)] ?? 0)) continue;
      for (const explained of EXPLAINS[kind]) {
        const i = KINDS.indexOf(explained);
        const wasExplained = (explainedUntil[i] ?? 0) > 0;
        if (!this.#stands(explained) || !this.#isExplained(explained, kind, wasExplained)) continue;
        explainedUntil[i] = nowSeconds + (isMutual(explained, kind) ? MUTUAL_SECONDS : EXPLAINED_SECONDS);
      }
    }
  }

  #tell(kind: MeasuredKind, isDoubted: boolean): Fault {
    const { size, confidence, parameters, isTimed } = NAMINGS[kind];
    const alarm = NAMINGS[kind].alarm(this.#of);
    const sure = confidence?.(this.#of) ?? alarm.confidence;
    alarm.severity = severityOf(size(this.#of), this.#options.severity[kind], alarm.severity);
    return {
      kind,
      since: alarm.sinceSeconds,
      severity: alarm.severity,
      confidence: Math.min(Math.max(isDoubted && isTimed ? sure * DOUBTED_CONFIDENCE : sure, 0), 1),
      parameters: parameters(this.#of),
    };
  }

  /** Silence is longer than what the loss that is known explains: else it would come and go with the losses. */
  get silentAfterSeconds(): number {
    const { loss, sampleRateHz } = this.#of;
    let intervals = SILENT_INTERVALS;
    if (loss.rate.alarm.isOpen) {
      const ratio = Math.min(Math.max(loss.rate.ratio, 0.001), MAX_EXPLAINING_LOSS);
      const usual = loss.isBursty ? SILENT_BURSTS * loss.meanRun : Math.log(SILENCE_CHANCE) / Math.log(ratio);
      intervals = Math.max(intervals, usual);
    }
    return Math.max(SILENT_SECONDS, intervals / sampleRateHz);
  }

  #silent(nowSeconds: number, sinceSeconds: number | null): Fault | null {
    if (sinceSeconds === null) return null;
    const quietSeconds = nowSeconds - sinceSeconds;
    if (quietSeconds <= this.silentAfterSeconds) return null;
    const parameters = { silent_seconds: quietSeconds };
    return { kind: 'silent', since: sinceSeconds, severity: 'critical', confidence: 1, parameters };
  }

  /**
   * Whatever explains does so whatever its size, but for kinds that explain one another.
   * @param wasExplained then it takes more to be told of its own
   */
  #isExplained(kind: MeasuredKind, by: MeasuredKind, wasExplained: boolean): boolean {
    if (!isMutual(kind, by)) return true;
    const shiftSeconds = Math.abs(this.#of.delay.shift.shiftSeconds);
    const { jitterSeconds } = this.#of.delay.jitter;
    const margin = wasExplained ? HYSTERESIS : 1;
    if (by === 'jitter') return shiftSeconds < margin * jitterSeconds;
    const isMinor = severityOf(jitterSeconds, this.#options.severity.jitter) === 'info';
    return isMinor && jitterSeconds < (margin * shiftSeconds) / 2;
  }
}

function isMutual(one: MeasuredKind, other: MeasuredKind): boolean {
  return MUTUAL.includes(one) && MUTUAL.includes(other);
}
