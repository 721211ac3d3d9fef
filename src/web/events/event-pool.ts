import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';

/** What `GET /api/v1/events` answers. */
export interface EventPage {
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
  /** What to give as `before` to go on; null when nothing older is held. */
  readonly next: number | null;
}

/** Events that were loaded besides those that come by themselves, for one filter. */
export interface OlderEvents {
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
  /** Where to go on; undefined before the first page, null at the end. */
  readonly next: number | null | undefined;
  /** They are those below this id; null before the first page, or when all there are were asked for. */
  readonly below: number | null;
}

export const NONE_LOADED: OlderEvents = { events: [], next: undefined, below: null };

/** What was loaded, with the page behind it. `before`: what was given to get it. */
export function withPage(older: OlderEvents, page: EventPage, before: number | null): OlderEvents {
  const below = older.next === undefined ? before : older.below;
  return { events: joined(older.events, page.events), next: page.next, below };
}

/** Whether events that came and went by themselves are missing between the latest and those that were loaded. */
export function hasGap(live: readonly DatacenterEvent[], { below }: Pick<OlderEvents, 'below'>): boolean {
  const oldest = live.at(-1);
  return below !== null && oldest !== undefined && oldest.id > below;
}

/** Whether the controller may hold what lies behind the latest and those that were loaded. Ids count up from 1. */
export function hasOlder(live: readonly DatacenterEvent[], { next }: Pick<OlderEvents, 'next'>): boolean {
  return next === undefined ? (live.at(-1)?.id ?? 1) > 1 : next !== null;
}

/** Both, newest first, each id once. */
export function joined(
  newer: readonly DatacenterEvent[],
  older: readonly DatacenterEvent[],
): readonly DatacenterEvent[] {
  const byId = new Map([...older, ...newer].map((event) => [event.id, event]));
  return [...byId.values()].toSorted((a, b) => b.id - a.id);
}

/** Whether both are the past of one controller: one that was started anew counts from 1 again. */
export function isSamePast(live: readonly DatacenterEvent[], older: readonly DatacenterEvent[]): boolean {
  const newest = live[0];
  const oldestLoaded = older[0];
  if (newest === undefined || oldestLoaded === undefined) return true;
  if (oldestLoaded.id > newest.id) return false;
  const twin = live.find(({ id }) => id === oldestLoaded.id);
  return twin === undefined || twin.timestamp === oldestLoaded.timestamp;
}
