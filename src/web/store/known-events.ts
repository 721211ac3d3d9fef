import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';

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
