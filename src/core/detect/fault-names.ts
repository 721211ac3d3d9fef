import { FAULT_KINDS, type Fault } from '../verdict.ts';
import type { Alarm } from './alarm.ts';
import { type DetectionOptions, type MeasuredKind, severityOf } from './detection-options.ts';
import { EXPLAINED_SECONDS, EXPLAINING, EXPLAINS, MUTUAL, MUTUAL_SECONDS } from './explain.ts';
import type { FaultTracker } from './fault-tracker.ts';
import { NAMINGS } from './namings.ts';
import { silenceFault, silentAfterSeconds } from './silence.ts';

/** Factor on the confidence of what a late receiver could look like, while the receiver was late. */
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
  readonly #alarms: readonly Alarm[];
  /**
   * By kind: until when it counts as explained by another, unix seconds; 0 when it is not. Null until there was a fault:
   * most streams never have one.
   */
  #explainedUntil: Float64Array | null = null;

  constructor(of: FaultTracker, options: DetectionOptions) {
    this.#alarms = ALARMS.map((kind) => NAMINGS[kind].alarm(of));
    this.#of = of;
    this.#options = options;
  }

  /** Changes whenever a fault begins or ends, named or not. */
  get changes(): number {
    let changes = 0;
    for (const alarm of this.#alarms) changes += alarm.changes;
    return changes;
  }

  /**
   * The faults that stand, those explained by others left out. Silence explains all others.
   * @param silentSinceSeconds when the last sample came, null where that does not matter; unix seconds
   * @param isDoubted true while the receiver is known to have been late
   */
  faults(nowSeconds: number, silentSinceSeconds: number | null, isDoubted: boolean): readonly Fault[] {
    const { loss, sampleRateHz } = this.#of;
    const silent = silenceFault(nowSeconds, silentSinceSeconds, silentAfterSeconds(loss, sampleRateHz));
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
