import type { ChaosStatus } from '../../wire/api/chaos-control.ts';
import { BEARER_PROTOCOL_PREFIX, SOCKET_PROTOCOL, type ServerMessage } from '../../wire/api/socket.ts';
import { api, ApiProblem } from './api.ts';
import type { ConnectionState } from './connection-state.ts';
import { addEvents, takeSnapshot } from './known-events.ts';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import { changeHealth, healthOf, type HealthModel } from './health-model.ts';
import { changeFeed, emptyFeed, feedOf, type ServerFeed } from './server-feed.ts';
import { SocketClient, type Socket, type SocketListener } from './socket-client.ts';
import { Store } from './store.ts';
import { token } from './token.ts';

// What the page knows, and the one connection it has it from.

export const healthStore = new Store<HealthModel | null>(null);
export const eventsStore = new Store<readonly DatacenterEvent[]>([]);
export const chaosStore = new Store<ChaosStatus | null>(null);
export const connectionStore = new Store<ConnectionState>({ kind: 'connecting' });
/** By topic; only servers that are watched. */
const feeds = new Map<string, { readonly store: Store<ServerFeed>; watchers: number }>();

/** The controller's clock minus the browser's, seconds. */
let clockOffsetSeconds = 0;

const client = new SocketClient({
  openSocket,
  refusal,
  onMessage: take,
  onState: (state) => connectionStore.set(state),
  now: () => Date.now() / 1000,
  random: Math.random,
  after: (seconds, then) => {
    const timer = setTimeout(then, seconds * 1000);
    return () => clearTimeout(timer);
  },
});

/** Connects, and keeps at it. */
export function startSession(): void {
  client.subscribe('health');
  client.subscribe('events');
  client.connect();
}

/** Tries now rather than when the countdown is over. */
export function retryNow(): void {
  client.connect();
}

/** Unix seconds, the controller's clock as far as it is known: to compare with its timestamps. */
export function controllerNow(): number {
  return Date.now() / 1000 + clockOffsetSeconds;
}

/** Watches a server until `release` is called by all who do. */
export function watchServer(rackId: number, serverId: number): { store: Store<ServerFeed>; release: () => void } {
  const topic = `server:${rackId}/${serverId}` as const;
  let feed = feeds.get(topic);
  if (feed === undefined) {
    feed = { store: new Store(emptyFeed(rackId, serverId)), watchers: 0 };
    feeds.set(topic, feed);
  }
  feed.watchers++;
  const watched = feed;
  const unsubscribe = client.subscribe(topic);
  const release = () => {
    unsubscribe();
    watched.watchers--;
    if (watched.watchers === 0) feeds.delete(topic);
  };
  return { store: watched.store, release };
}

/** A lab that is still starting says later how it is controlled. */
const ASK_AGAIN_MS = 5000;

/** How often that was asked. */
let chaosTurn = 0;
let chaosTimer: ReturnType<typeof setTimeout> | undefined;

/** Asks anew what is injected; to be called after whatever changes it. */
export async function refreshChaos(): Promise<void> {
  const turn = ++chaosTurn;
  try {
    const status = await api.get<ChaosStatus>('/api/v1/chaos');
    // Of answers that overtake each other the one that was asked for last holds.
    if (turn !== chaosTurn) return;
    chaosStore.set(status);
    clearTimeout(chaosTimer);
    if (!status.control.available) chaosTimer = setTimeout(() => void refreshChaos(), ASK_AGAIN_MS);
  } catch (error) {
    // What was known stays; that the controller is gone is said by the connection.
    if (!(error instanceof ApiProblem)) throw error;
  }
}

function openSocket(listener: SocketListener): Socket {
  const address = new URL('/ws', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const bearer = token('api');
  const tokens = bearer === null ? [] : [BEARER_PROTOCOL_PREFIX + base64Url(bearer)];
  const socket = new WebSocket(address, [SOCKET_PROTOCOL, ...tokens]);
  socket.addEventListener('open', () => listener.onOpen());
  socket.addEventListener('message', ({ data }) => listener.onMessage(data));
  socket.addEventListener('close', () => listener.onClose());
  return socket;
}

async function refusal(): Promise<string | null> {
  try {
    await api.get('/api/v1/chaos');
    return null;
  } catch (error) {
    return error instanceof ApiProblem && (error.status === 401 || error.status === 403) ? error.detail : null;
  }
}

function take(message: ServerMessage): void {
  switch (message.type) {
    case 'hello':
      clockOffsetSeconds = message.timestamp - Date.now() / 1000;
      void refreshChaos();
      return;
    case 'snapshot':
    case 'change':
      if (message.topic === 'health') return takeHealth(message);
      if (message.topic === 'events') return takeEvents(message);
      return takeServer(message);
    case 'problem':
      return takeProblem(message.topic, message.detail);
    case 'slow':
      return;
  }
}

function takeHealth(message: Extract<ServerMessage, { topic: 'health'; data: unknown }>): void {
  if (message.type === 'snapshot') healthStore.set(healthOf(message.data));
  else if (healthStore.value !== null) healthStore.set(changeHealth(healthStore.value, message.data));
}

function takeEvents(message: Extract<ServerMessage, { topic: 'events'; data: unknown }>): void {
  const { events } = message.data;
  const add = message.type === 'snapshot' ? takeSnapshot : addEvents;
  eventsStore.set(add(eventsStore.value, events));
  if (events.some(({ scope }) => scope === 'chaos')) void refreshChaos();
}

function takeServer(message: Extract<ServerMessage, { topic: `server:${number}/${number}`; data: unknown }>): void {
  const store = feeds.get(message.topic)?.store;
  if (store === undefined) return;
  const feed = store.value;
  store.set(message.type === 'snapshot' ? feedOf(feed, message.data) : changeFeed(feed, message.data, controllerNow()));
}

function takeProblem(topic: string | null, detail: string): void {
  const store = topic === null ? undefined : feeds.get(topic)?.store;
  store?.set({ ...store.value, problem: detail });
}

function base64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
