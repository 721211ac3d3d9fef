import type { ChaosNotice } from '../../wire/chaos-notice.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';

/** What is known of chaos: what is in force, and what the events tell of what is over. */
export interface KnownChaos {
  readonly active: readonly ChaosNotice[];
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
}

/** An injection and its end. */
export interface ChaosTime {
  readonly notice: ChaosNotice;
  /** Unix seconds; null while it is in force. */
  readonly until: number | null;
}

/** The injections that `strikes` is true of, in the order in which they began. */
export function chaosTimes(
  { active, events }: KnownChaos,
  strikes: (notice: ChaosNotice) => boolean,
): readonly ChaosTime[] {
  const times = new Map<string, ChaosTime>();
  for (const event of events.toReversed()) {
    if (event.scope !== 'chaos' || !strikes(event.chaos)) continue;
    times.set(event.chaos.id, { notice: event.chaos, until: event.to === 'ended' ? event.timestamp : null });
  }
  for (const notice of active) if (strikes(notice)) times.set(notice.id, { notice, until: null });
  return [...times.values()].toSorted((a, b) => a.notice.began_at - b.notice.began_at);
}
