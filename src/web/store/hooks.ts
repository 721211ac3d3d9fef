import { useEffect, useState } from 'preact/hooks';
import type { ChaosStatus } from '../../wire/api/chaos-control.ts';
import type { ConnectionState } from './connection-state.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import type { HealthModel } from './health-model.ts';
import type { ServerFeed } from './server-feed.ts';
import { chaosStore, connectionStore, eventsStore, healthStore, watchServer } from './session.ts';
import { useStore } from './use-store.ts';

/** The tree; null before the first snapshot. */
export function useHealth(): HealthModel | null {
  return useStore(healthStore);
}

/** How the page stands with the controller. */
export function useConnection(): ConnectionState {
  return useStore(connectionStore);
}

/** Of when what is shown is, Unix seconds, while the controller cannot be asked; null while it can, or nothing is known. */
export function usePastAt(): number | null {
  const { kind } = useConnection();
  const timestamp = useHealth()?.tree.timestamp ?? null;
  return kind === 'lost' || kind === 'refused' ? timestamp : null;
}

/** The latest events, newest first. */
export function useEvents(): readonly DatacenterEvent[] {
  return useStore(eventsStore);
}

/** What is injected now; null while that is not known. */
export function useChaos(): ChaosStatus | null {
  return useStore(chaosStore);
}

/** All about a server, as long as the component is mounted; null while the first drawing. */
export function useServer(rackId: number, serverId: number): ServerFeed | null {
  const [feed, setFeed] = useState<ServerFeed | null>(null);
  useEffect(() => {
    const { store, release } = watchServer(rackId, serverId);
    setFeed(store.value);
    const unsubscribe = store.subscribe(() => setFeed(store.value));
    return () => {
      unsubscribe();
      release();
    };
  }, [rackId, serverId]);
  return feed?.rackId === rackId && feed.serverId === serverId ? feed : null;
}

/** The browser's time in Unix seconds, drawn anew every `periodSeconds`: for countdowns. */
export function useNow(periodSeconds = 1): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), periodSeconds * 1000);
    return () => clearInterval(timer);
  }, [periodSeconds]);
  return now;
}
