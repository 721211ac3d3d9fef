import type { FaultKind, SharedFaultKind, Severity } from '../../core/verdict.ts';

/**
 * The head of an incident capsule, and what the API says of one; hence snake_case. A capsule is NDJSON: this as its first
 * line, then one line for each raw arrival of the server from some time before the fault began to some time after it was
 * found (a minute each, if the rack was not told otherwise), as `netwatch analyze` reads them.
 */
export interface Incident {
  readonly type: 'incident';
  /** Letters, digits, `.`, `_` and `-`; unique on its rack, and in the order of time. */
  readonly incident_id: string;
  readonly rack_id: number;
  readonly server_id: number;
  /** The human name the agent announced. */
  readonly name: string | null;
  /** The fault that the capsule is of. */
  readonly kind: FaultKind;
  /** Of `rack-wide` what it was that most servers of the rack had; left out where that is not known, as by older racks. */
  readonly shared_kind?: SharedFaultKind;
  readonly severity: Severity;
  /** Unix seconds, the rack's clock: when the fault began, and when it was found. */
  readonly since: number;
  readonly detected: number;
  /** What is needed to hear it again. */
  readonly expected_frequency_hz: number;
  readonly sample_rate_hz: number;
  readonly window_slots: number;
  /** Version of the rack's software. */
  readonly version: string;
}

/** A capsule as a list of them has it. */
export interface IncidentEntry extends Incident {
  /** Of the capsule, as far as it is written. */
  readonly bytes: number;
  /** False while it is still being recorded. */
  readonly is_complete: boolean;
}

/** `GET /api/v1/incidents`: newest first. One is to be had at `/api/v1/incidents/RACK/INCIDENT_ID`, as NDJSON. */
export interface IncidentList {
  readonly incidents: readonly IncidentEntry[];
}
