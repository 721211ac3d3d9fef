import type { RackHistory } from '../../wire/api/history.ts';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import { merged, type Span } from '../store/spans.ts';
import { isGrave } from '../words/fault-order.ts';
import { chaosTimes, type KnownChaos } from '../store/chaos-times.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';

/** How far back the picture goes. */
export const RECENT_SECONDS = 900;

/** Reports come every second; after so long without one nothing is known. */
const GAP_SECONDS = 3.5;

/** A rack's score as a line that is broken where nothing is known: times ascending, and a value or null each. */
export function scoreLine(history: RackHistory): readonly [times: number[], scores: (number | null)[]] {
  const times: number[] = [];
  const scores: (number | null)[] = [];
  history.timestamps.forEach((at, index) => {
    const last = times.at(-1);
    if (last !== undefined && at - last > GAP_SECONDS) {
      times.push((last + at) / 2);
      scores.push(null);
    }
    times.push(at);
    scores.push(history.health_score[index] ?? null);
  });
  return [times, scores];
}

/** When at least one server of a rack, or the rack itself, was ill. `now` ends what still is. */
export function illSpans(rackId: number, events: readonly DatacenterEvent[], now: number): readonly Span[] {
  const ill = new Set<number | null>();
  const spans: Span[] = [];
  let from = 0;
  for (const event of events.toReversed()) {
    if ((event.scope !== 'server' && event.scope !== 'rack') || event.rack_id !== rackId) continue;
    const wasIll = ill.size > 0;
    if (event.to === 'healthy' || event.to === 'warming') ill.delete(event.server_id);
    else ill.add(event.server_id);
    if (!wasIll && ill.size > 0) from = event.timestamp;
    if (wasIll && ill.size === 0) spans.push({ from, until: event.timestamp });
  }
  if (ill.size > 0) spans.push({ from, until: now });
  return spans;
}

/** When something was injected into a rack. `now` ends what still is. */
export function chaosSpans(rackId: number, known: KnownChaos, now: number): readonly Span[] {
  const strikes = ({ servers }: ChaosNotice): boolean => servers.some(({ rack_id: id }) => id === rackId);
  return merged(
    chaosTimes(known, strikes).map(({ notice, until }) => ({ from: notice.began_at, until: until ?? now })),
  );
}

/** When a fault of warning or worse stood in a rack or one of its servers. `now` ends what still does. */
export function faultSpans(rackId: number, events: readonly DatacenterEvent[], now: number): readonly Span[] {
  const open = new Map<string, number>();
  const spans: Span[] = [];
  for (const event of events.toReversed()) {
    if (event.scope !== 'fault' || event.rack_id !== rackId || event.fault.kind === 'observer') continue;
    const key = `${event.server_id} ${event.fault.kind}`;
    const { since, duration_seconds: duration } = event.fault;
    open.delete(key);
    if (!isGrave(event.fault)) continue;
    if (event.to === 'begun') open.set(key, since);
    else spans.push({ from: since, until: duration === null ? event.timestamp : since + duration });
  }
  return merged([...spans, ...[...open.values()].map((from) => ({ from, until: now }))]);
}

/** Which racks are worth a line where there is no room for all: those with the lowest score of the time, by id. */
export function racksToShow(history: ReadonlyMap<number, RackHistory>, most: number): readonly number[] {
  const ids = [...history.keys()].toSorted((a, b) => a - b);
  if (ids.length <= most) return ids;
  const worst = ids.map((id) => ({ id, score: lowestScore(history.get(id)) })).toSorted((a, b) => a.score - b.score);
  return worst
    .slice(0, most)
    .map(({ id }) => id)
    .toSorted((a, b) => a - b);
}

/** What the lowest score of these racks still lies above, of the limits that part healthy, degraded and critical. */
export function floorOf(history: ReadonlyMap<number, RackHistory>, rackIds: readonly number[]): 0 | 0.5 | 0.8 {
  const lowest = Math.min(...rackIds.map((id) => lowestScore(history.get(id))));
  if (lowest >= 0.8) return 0.8;
  return lowest >= 0.5 ? 0.5 : 0;
}

/** 1 where nothing is known. */
export function lowestScore(history: RackHistory | undefined): number {
  return (history?.health_score ?? []).reduce<number>((least, score) => Math.min(least, score ?? 1), 1);
}
