import type { GroupStatus, ServerStatus } from '../../core/verdict.ts';
import type { ChaosEndReason } from '../../wire/chaos-end.ts';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';

/** A change of status, as `GET /api/v1/events` gives it. */
export interface StatusEvent {
  /** Counts up from 1. */
  readonly id: number;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly scope: 'server' | 'rack' | 'datacenter';
  readonly rack_id: number | null;
  readonly server_id: number | null;
  readonly name: string | null;
  /** Null when the first that was ever heard of a server was bad. */
  readonly from: ServerStatus | GroupStatus | null;
  readonly to: ServerStatus | GroupStatus;
  readonly spectral_error: number | null;
  readonly health_score: number | null;
}

/** Chaos that began or ended. */
export interface ChaosEvent {
  readonly id: number;
  readonly timestamp: number;
  readonly scope: 'chaos';
  readonly rack_id: null;
  readonly server_id: null;
  /** Which servers, for people. */
  readonly name: string;
  readonly from: null | 'begun' | 'ended';
  readonly to: 'begun' | 'ended';
  readonly spectral_error: null;
  readonly health_score: null;
  readonly chaos: ChaosNotice & { readonly reason: ChaosEndReason | null };
}

export type DatacenterEvent = StatusEvent | ChaosEvent;

/** Events the page keeps. */
export const EVENTS_KEPT = 1000;

/**
 * The events after a snapshot, which has only the latest: where it goes on from what was known, that stays. Another
 * controller, or one that began anew, counts from 1 again.
 */
export function takeSnapshot(
  known: readonly DatacenterEvent[],
  snapshot: readonly DatacenterEvent[],
): readonly DatacenterEvent[] {
  const newest = known.at(0);
  const twin = snapshot.find(({ id }) => id === newest?.id);
  return addEvents(twin !== undefined && twin.timestamp === newest?.timestamp ? known : [], snapshot);
}

/** `known` with `news` in front, newest first, each id once. */
export function addEvents(
  known: readonly DatacenterEvent[],
  news: readonly DatacenterEvent[],
): readonly DatacenterEvent[] {
  const newest = known.at(0)?.id ?? 0;
  const added = news.filter(({ id }) => id > newest).toSorted((a, b) => b.id - a.id);
  return added.length === 0 ? known : [...added, ...known].slice(0, EVENTS_KEPT);
}
