import type { Fault, ServerStatus } from '../../core/verdict.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import type { DatacenterEvent } from '../store/datacenter-event.ts';

/** A stretch of time that something held. */
export interface TimeBand {
  readonly kind: 'fault' | 'chaos';
  /** Unix seconds; null: still going on. */
  readonly from: number;
  readonly until: number | null;
  readonly label: string;
}

/** A stretch of time in which a server had one status. */
export interface StatusSpan {
  readonly status: ServerStatus;
  readonly from: number;
  readonly until: number;
}

/** A server's faults as bands; that the rack controller was late is none of the server's. */
export function faultBands(faults: readonly Fault[]): readonly TimeBand[] {
  const own = faults.filter(({ kind }) => kind !== 'observer');
  return own.map(({ kind, since }) => ({ kind: 'fault', from: since, until: null, label: kind }));
}

/** What of chaos was done to a server: what is injected now, and what the events tell of what is over. */
export function chaosBands(
  of: { readonly rackId: number; readonly serverId: number },
  known: { readonly active: readonly ChaosNotice[]; readonly events: readonly DatacenterEvent[] },
): readonly TimeBand[] {
  const bands = new Map<string, TimeBand>();
  for (const event of known.events.toReversed()) {
    if (event.scope !== 'chaos' || !strikes(event.chaos, of)) continue;
    const until = event.to === 'ended' ? event.timestamp : null;
    bands.set(event.chaos.id, bandOf(event.chaos, until));
  }
  for (const notice of known.active) if (strikes(notice, of)) bands.set(notice.id, bandOf(notice, null));
  return [...bands.values()].toSorted((a, b) => a.from - b.from);
}

/** A server's statuses, one span for as long as each held; time of which nothing is known is in none. */
export function statusSpans(history: ServerHistory, intervalSeconds: number): readonly StatusSpan[] {
  const spans: { status: ServerStatus; from: number; until: number }[] = [];
  history.timestamps.forEach((at, index) => {
    const status = history.status[index];
    const last = spans.at(-1);
    if (status === undefined) return;
    if (last !== undefined && last.status === status && at - last.until <= 2.5 * intervalSeconds) last.until = at;
    else if (last !== undefined && at - last.until <= 2.5 * intervalSeconds) {
      last.until = at;
      spans.push({ status, from: at, until: at });
    } else spans.push({ status, from: at, until: at });
  });
  return spans;
}

function bandOf(notice: ChaosNotice, until: number | null): TimeBand {
  return { kind: 'chaos', from: notice.began_at, until, label: notice.description };
}

function strikes(notice: ChaosNotice, of: { readonly rackId: number; readonly serverId: number }): boolean {
  return notice.servers.some(({ rack_id: rack, server_ids: ids }) => rack === of.rackId && ids.includes(of.serverId));
}
