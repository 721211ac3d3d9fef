import type { FaultKind } from '../core/verdict.ts';
import type { EventRing } from './events.ts';
import type { DatacenterEvent } from '../wire/api/datacenter-event.ts';
import { isOfFault } from '../wire/event-fault.ts';

/** Which events; what is left out leaves all in. */
export interface EventQuery {
  readonly limit: number;
  /** Only with a lower id. */
  readonly before?: number;
  /** Only with a higher id, the oldest of them. */
  readonly after?: number;
  readonly rack?: number;
  readonly server?: number;
  readonly scope?: readonly DatacenterEvent['scope'][];
  readonly to?: readonly DatacenterEvent['to'][];
  /** Only of faults of these kinds; `rack-wide`: of all that most servers of a rack had at once. */
  readonly fault?: readonly FaultKind[];
}

export interface EventPage {
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
  /** What to give as `before`, or as `after` if that was given, to go on; null when nothing older is held. */
  readonly next: number | null;
}

/** At most `limit` of the events that are held. Looks at each of them at most once. */
export function findEvents(ring: EventRing, query: EventQuery): EventPage {
  return query.after === undefined ? older(ring, query) : newer(ring, query, query.after);
}

function older(ring: EventRing, query: EventQuery): EventPage {
  const events: DatacenterEvent[] = [];
  for (let id = Math.min(ring.total, (query.before ?? Infinity) - 1); id >= ring.oldestId; id--) {
    const event = ring.at(id);
    if (event === undefined || !isWanted(event, query)) continue;
    // There is one more.
    if (events.length === query.limit) return { events, next: id + 1 };
    events.push(event);
  }
  return { events, next: null };
}

function newer(ring: EventRing, query: EventQuery, after: number): EventPage {
  const events: DatacenterEvent[] = [];
  // An id that is not given yet is from before a new start, which began at 1 again.
  const first = after > ring.total ? 1 : after + 1;
  for (let id = Math.max(first, ring.oldestId); id <= ring.total; id++) {
    const event = ring.at(id);
    if (event === undefined || !isWanted(event, query)) continue;
    events.push(event);
    if (events.length === query.limit) return { events: events.toReversed(), next: id };
  }
  return { events: events.toReversed(), next: ring.total };
}

function isWanted(event: DatacenterEvent, { rack, server, scope, to, fault }: EventQuery): boolean {
  if (scope !== undefined && !scope.includes(event.scope)) return false;
  if (to !== undefined && !to.includes(event.to)) return false;
  if (fault !== undefined && !isOfFault(event, fault)) return false;
  if (event.scope !== 'chaos') {
    return (rack === undefined || event.rack_id === rack) && (server === undefined || event.server_id === server);
  }
  if (rack === undefined && server === undefined) return true;
  return event.chaos.servers.some(
    ({ rack_id: rackId, server_ids: serverIds }) =>
      (rack === undefined || rackId === rack) && (server === undefined || serverIds.includes(server)),
  );
}
