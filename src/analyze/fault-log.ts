import { type Fault, type FaultKind, SEVERITIES, type Severity } from '../core/verdict.ts';

/** A fault that a recording had, as `netwatch analyze` prints it, hence snake_case. Unix seconds of the file's clock. */
export interface RecordedFault {
  readonly kind: FaultKind;
  /** When it began, by the newest evidence. */
  readonly onset_ts: number;
  /** When the detectors knew. */
  readonly detected_ts: number;
  /** When they knew that it was over; null while it stands at the end of the file. */
  readonly end_ts: number | null;
  readonly severity: Severity;
  /** The most it ever had. */
  readonly confidence: number;
  /** Of the moment that the severity is of. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Most faults of one server that are told; further ones are counted. */
export const MAX_RECORDED_FAULTS = 1000;

/** So soon after it was found a fault is measured by a handful of samples: what is said then is not kept. */
const SETTLE_SECONDS = 5;

interface Entry {
  readonly fault: { -readonly [K in keyof RecordedFault]: RecordedFault[K] };
  isSettled: boolean;
}

/**
 * Turns what stood at one moment after the other into faults with a beginning and an end, in the order in which they
 * were found. A fault that is told again as having begun before it ended has never ended: silence had hidden it, or
 * another fault had explained it. Severity and parameters are those of one moment: the last at which it was at its
 * worst, its first 5 s left out if it lived longer.
 */
export class FaultLog {
  readonly #entries: Entry[] = [];
  /** The newest of each kind, also one that ended or was left out. */
  readonly #newest = new Map<FaultKind, Entry>();
  #leftOut = 0;

  /** Faults that were too many to be told. */
  get leftOut(): number {
    return this.#leftOut;
  }

  get faults(): readonly RecordedFault[] {
    return this.#entries.map(({ fault }) => fault);
  }

  isStanding(kind: FaultKind): boolean {
    return this.#newest.get(kind)?.fault.end_ts === null;
  }

  /** These faults, and no other, stand at this moment. */
  tell(faults: readonly Fault[], nowSeconds: number): void {
    for (const told of faults) {
      const known = this.#newest.get(told.kind);
      if (known !== undefined && told.since < (known.fault.end_ts ?? Infinity)) refine(known, told, nowSeconds);
      else this.#begin(told, nowSeconds);
    }
    for (const [kind, { fault }] of this.#newest) {
      if (fault.end_ts === null && !faults.some((told) => told.kind === kind)) fault.end_ts = nowSeconds;
    }
  }

  #begin({ kind, since, severity, confidence, parameters }: Fault, nowSeconds: number): void {
    const times = { onset_ts: since, detected_ts: nowSeconds, end_ts: null };
    const entry: Entry = { fault: { kind, ...times, severity, confidence, parameters }, isSettled: false };
    this.#newest.set(kind, entry);
    if (this.#entries.length < MAX_RECORDED_FAULTS) this.#entries.push(entry);
    else this.#leftOut++;
  }
}

function refine(entry: Entry, { since, severity, confidence, parameters }: Fault, nowSeconds: number): void {
  const { fault } = entry;
  fault.end_ts = null;
  fault.onset_ts = since;
  fault.confidence = Math.max(fault.confidence, confidence);
  if (!entry.isSettled || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(fault.severity)) {
    fault.severity = severity;
    fault.parameters = parameters;
  }
  entry.isSettled ||= nowSeconds - fault.detected_ts >= SETTLE_SECONDS;
}
