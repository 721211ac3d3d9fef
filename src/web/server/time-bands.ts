import type { ServerStatus } from '../../core/verdict.ts';
import type { ServerHistory } from '../../wire/api/history.ts';
import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import { chaosTimes, type KnownChaos } from '../store/chaos-times.ts';
import { isGrave } from '../words/fault-order.ts';
import type { ServerFault } from './server-faults.ts';

/** A stretch of time that something held. */
export interface TimeBand {
  readonly kind: 'fault' | 'chaos';
  /** Unix seconds; null: still going on. */
  readonly from: number;
  readonly until: number | null;
  readonly label: string;
  /** A fault that is only worth a look. */
  readonly isNote?: true;
}

/** A stretch of time in which a server had one status. */
export interface StatusSpan {
  readonly status: ServerStatus;
  readonly from: number;
  readonly until: number;
}

/** A server's faults as bands. */
export function faultBands(faults: readonly ServerFault[]): readonly TimeBand[] {
  return faults.map(({ fault, until, words }) => {
    const band = { kind: 'fault', from: fault.since, until, label: words } as const;
    return isGrave(fault) ? band : { ...band, isNote: true };
  });
}

/** Those of which anything lies behind a moment. @param from Unix seconds */
export function bandsSince(bands: readonly TimeBand[], from: number): readonly TimeBand[] {
  return bands.filter(({ until }) => until === null || until > from);
}

/** The colour of a band, by its name in the theme. */
export function bandColour({ kind, isNote }: TimeBand): 'chaos-band' | 'fault-band' | 'note-band' {
  if (kind === 'chaos') return 'chaos-band';
  return isNote === true ? 'note-band' : 'fault-band';
}

/** What of chaos was done to a server. */
export function chaosBands(
  { rackId, serverId }: { readonly rackId: number; readonly serverId: number },
  known: KnownChaos,
): readonly TimeBand[] {
  const strikes = ({ servers }: ChaosNotice): boolean =>
    servers.some(({ rack_id: rack, server_ids: ids }) => rack === rackId && ids.includes(serverId));
  return chaosTimes(known, strikes).map(({ notice: { began_at: from, description: label }, until }) => {
    return { kind: 'chaos', from, until, label };
  });
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
