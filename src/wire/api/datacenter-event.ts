import type { Fault, GroupStatus, ServerStatus } from '../../core/verdict.ts';
import type { ChaosEndReason } from '../chaos-end.ts';
import type { ChaosNotice } from '../chaos-notice.ts';

/** A change of status, as the API gives it; hence snake_case. */
export interface StatusEvent {
  /** Counts up from 1 in the order in which the datacenter learned of the changes. */
  readonly id: number;
  /**
   * Unix seconds. Of what a report said: the report's own time, so that a backlog tells of the past when it comes. Of
   * reports that stopped or came back: the datacenter's clock.
   */
  readonly timestamp: number;
  readonly scope: 'server' | 'rack' | 'datacenter';
  /** Null for the datacenter. */
  readonly rack_id: number | null;
  /** Null for racks and the datacenter. */
  readonly server_id: number | null;
  /** Human name; the datacenter's id for itself. */
  readonly name: string | null;
  /** Null when the first that was ever heard of a server was bad. */
  readonly from: ServerStatus | GroupStatus | null;
  readonly to: ServerStatus | GroupStatus;
  /** Of a server. */
  readonly spectral_error: number | null;
  /** Of a rack or the datacenter. */
  readonly health_score: number | null;
}

/** Chaos that began or ended. It has every field of a change of status, so that whoever reads only those reads it too. */
export interface ChaosEvent {
  readonly id: number;
  /** Unix seconds on the injector's clock; of an injection that the datacenter itself ended, when its time was over. */
  readonly timestamp: number;
  readonly scope: 'chaos';
  readonly rack_id: null;
  readonly server_id: null;
  /** Which servers, for people, as `rack 0`. */
  readonly name: string;
  /** `ended` where a failure became known after the end. */
  readonly from: null | 'begun' | 'ended';
  readonly to: 'begun' | 'ended';
  readonly spectral_error: null;
  readonly health_score: null;
  /** What was announced of the injection; `reason` is null until it has ended. */
  readonly chaos: ChaosNotice & { readonly reason: ChaosEndReason | null };
}

/** A fault of a server or of a rack that began or ended. It has every field of a change of status. */
export interface FaultEvent {
  readonly id: number;
  /** Unix seconds, the rack's clock: of the first report that has the fault, or of the first that has it no more. */
  readonly timestamp: number;
  readonly scope: 'fault';
  readonly rack_id: number;
  /** Null for a fault of the rack itself. */
  readonly server_id: number | null;
  readonly name: string | null;
  readonly from: null | 'begun';
  readonly to: 'begun' | 'ended';
  readonly spectral_error: null;
  readonly health_score: null;
  /** As it was last reported. `duration_seconds`, from `since` to the end, is null until it has ended. */
  readonly fault: Fault & { readonly duration_seconds: number | null };
}

export type DatacenterEvent = StatusEvent | ChaosEvent | FaultEvent;
