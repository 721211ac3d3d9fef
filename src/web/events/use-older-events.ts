import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiProblem } from '../store/api.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import {
  hasGap,
  hasOlder,
  isSamePast,
  joined,
  NONE_LOADED,
  withPage,
  type EventPage,
  type OlderEvents,
} from './event-pool.ts';

const PAGE_SIZE = 200;

interface AllEvents {
  /** Newest first. */
  readonly events: readonly DatacenterEvent[];
  /** Whether the controller may hold more. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the last page did not come; null when it did. */
  readonly problem: string | null;
  readonly load: () => Promise<void>;
}

/** The latest events with those that were loaded behind them. `query`: what the controller is to sort out itself. */
export function useOlderEvents(live: readonly DatacenterEvent[], query: Readonly<Record<string, string>>): AllEvents {
  const key = new URLSearchParams(query).toString();
  const [older, setOlder] = useState<OlderEvents>(NONE_LOADED);
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  /** A page that comes when something else is wanted is thrown away. */
  const wanted = useRef(0);
  const isPast = isSamePast(live, older.events) && !hasGap(live, older);

  useEffect(() => {
    wanted.current++;
    setOlder(NONE_LOADED);
    setLoading(false);
    setProblem(null);
  }, [key, isPast]);

  const load = async (): Promise<void> => {
    const turn = wanted.current;
    const before = older.next ?? live.at(-1)?.id;
    const parameters = new URLSearchParams({ ...query, limit: String(PAGE_SIZE) });
    if (before !== undefined) parameters.set('before', String(before));
    setLoading(true);
    setProblem(null);
    try {
      const page = await api.get<EventPage>(`/api/v1/events?${parameters.toString()}`);
      if (turn === wanted.current) setOlder((known) => withPage(known, page, before ?? null));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (turn === wanted.current) setProblem(error.detail);
    } finally {
      if (turn === wanted.current) setLoading(false);
    }
  };
  const events = older.events.length === 0 ? live : joined(live, isPast ? older.events : []);
  return { events, hasMore: hasOlder(live, older), isLoading, problem, load };
}
