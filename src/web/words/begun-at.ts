import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';

/** Unix seconds since when a server, or null for the rack itself, is ill; null where nobody remembers. */
export type Since = (rackId: number, serverId: number | null) => number | null;

/** When what is ill now ceased to be well, as far as the events remember. */
export function begunAt(events: readonly DatacenterEvent[]): Since {
  const begun = new Map<string, number>();
  for (const event of events.toReversed()) {
    if (event.scope !== 'server' && event.scope !== 'rack') continue;
    const subject = `${event.rack_id}/${event.server_id}`;
    if (event.to === 'healthy' || event.to === 'warming') begun.delete(subject);
    else if (!begun.has(subject)) begun.set(subject, event.timestamp);
  }
  return (rackId, serverId) => begun.get(`${rackId}/${serverId}`) ?? null;
}
