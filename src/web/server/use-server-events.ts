import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { hasOlder, isSamePast, joined, NONE_LOADED, type EventPage } from '../events/event-pool.ts';
import { api, ApiProblem } from '../store/api.ts';
import { useEvents } from '../store/hooks.ts';

/** More of them than anybody looks through. */
const PAGE_SIZE = 200;

/** The latest events of all, and those of a server's faults and of chaos that go further back. Newest first. */
export function useServerEvents(rackId: number, serverId: number): readonly DatacenterEvent[] {
  const live = useEvents();
  const [loaded, setLoaded] = useState<readonly DatacenterEvent[]>([]);
  const isPartial = hasOlder(live, NONE_LOADED);
  useEffect(() => {
    if (!isPartial) return undefined;
    let isWanted = true;
    const query = `scope=fault,chaos&rack=${rackId}&server=${serverId}&limit=${PAGE_SIZE}`;
    const load = async (): Promise<void> => {
      try {
        const { events } = await api.get<EventPage>(`/api/v1/events?${query}`);
        if (isWanted) setLoaded(events);
      } catch (error) {
        // What the page has without it is shown; that the controller is gone is said by the connection.
        if (!(error instanceof ApiProblem)) throw error;
      }
    };
    void load();
    return () => {
      isWanted = false;
    };
  }, [rackId, serverId, isPartial]);
  return useMemo(() => (isSamePast(live, loaded) ? joined(live, loaded) : live), [live, loaded]);
}
