import type { Topic } from '../../wire/api/socket.ts';
import { ClientLife } from './client-life.ts';
import type { Feed } from './feed.ts';
import { openFeed, type FeedOptions } from './feeds.ts';
import { LiveClient, type ClientPort } from './live-client.ts';
import type { SocketCounts } from './socket-counts.ts';
import { readClientMessage, type ParsedTopic } from './topics.ts';

export const MAX_TOPICS = 16;
const MAX_PONG_UNSENT_BYTES = 1024 * 1024;
const GOING_AWAY = 1001;
const POLICY = 1008;

export interface HubOptions extends FeedOptions {
  readonly version: string;
  readonly nowSeconds: () => number;
  readonly counts: SocketCounts;
}

/** What a socket tells of its client. */
export interface ClientHandlers {
  onMessage(text: string): void;
  onPing(data: Buffer): void;
  onPong(): void;
  /** The last call. */
  onClose(): void;
}

interface Room {
  readonly feed: Feed;
  readonly clients: Set<LiveClient>;
}

/**
 * All clients and what they are subscribed to. Knows no socket and has no timer: `tick` is to be called some ten times
 * a second.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #clients = new Map<LiveClient, ClientLife>();
  readonly #rooms = new Map<Topic, Room>();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  connect(port: ClientPort): ClientHandlers {
    const { aggregate, version, nowSeconds, counts } = this.#options;
    const client = new LiveClient(port, counts);
    const life = new ClientLife(nowSeconds());
    this.#clients.set(client, life);
    counts.clients = this.#clients.size;
    client.tell({ type: 'hello', dc_id: aggregate.dcId, version, timestamp: nowSeconds() });
    return {
      onMessage: (text) => {
        if (this.#mayGoOn(client, life)) this.#take(client, text);
      },
      onPing: (data) => {
        if (this.#mayGoOn(client, life) && port.unsentBytes <= MAX_PONG_UNSENT_BYTES) port.pong(data);
      },
      onPong: () => life.pong(nowSeconds()),
      onClose: () => this.#remove(client),
    };
  }

  /** Sends what changed, brings those up to date who were too slow, and cuts the dead. */
  tick(): void {
    const now = this.#options.nowSeconds();
    for (const topic of this.#rooms.keys()) this.#publish(topic, now);
    for (const [client, life] of this.#clients) {
      const due = life.check(now);
      if (due === 'ping') client.port.ping();
      if (due === 'dead') this.#cut(client);
      else this.#catchUp(client, now);
    }
  }

  /** Tells every client that the datacenter goes away. */
  close(): void {
    for (const client of this.#clients.keys()) client.port.close(GOING_AWAY, 'the datacenter controller stops');
  }

  #take(client: LiveClient, text: string): void {
    const request = readClientMessage(text);
    if (request.kind === 'problem') {
      client.tell({ type: 'problem', topic: request.topic, detail: request.detail });
    } else if (request.kind === 'subscribe') this.#subscribe(client, request.topic);
    else this.#leave(client, request.topic.text);
  }

  #subscribe(client: LiveClient, topic: ParsedTopic): void {
    const { text } = topic;
    if (!client.has(text) && client.topicCount >= MAX_TOPICS) {
      const detail = `This connection has ${MAX_TOPICS} topics, which is the most: unsubscribe from one first.`;
      client.tell({ type: 'problem', topic: text, detail });
      return;
    }
    const now = this.#options.nowSeconds();
    // Those who are there hear first what the snapshot has already: no change tells anybody anything twice.
    this.#publish(text, now);
    const room = this.#rooms.get(text) ?? this.#open(topic);
    room.clients.add(client);
    client.subscribe(text);
    this.#catchUp(client, now);
    const detail = room.feed.notice();
    if (detail !== null) client.tell({ type: 'problem', topic: text, detail });
  }

  #open(topic: ParsedTopic): Room {
    const clients = new Set<LiveClient>();
    const feed = openFeed(topic, this.#options, (bytes) => {
      for (const client of clients) client.deliver(topic.text, bytes);
    });
    const room = { feed, clients };
    this.#rooms.set(topic.text, room);
    return room;
  }

  #publish(topic: Topic, nowSeconds: number): void {
    const room = this.#rooms.get(topic);
    const bytes = room?.feed.change(nowSeconds) ?? null;
    if (bytes !== null) for (const client of room?.clients ?? []) client.deliver(topic, bytes);
  }

  #catchUp(client: LiveClient, nowSeconds: number): void {
    client.catchUp((topic) => this.#rooms.get(topic)?.feed.snapshot(nowSeconds) ?? null);
  }

  #leave(client: LiveClient, topic: Topic): void {
    client.unsubscribe(topic);
    const room = this.#rooms.get(topic);
    room?.clients.delete(client);
    if (room?.clients.size !== 0) return;
    room.feed.close();
    this.#rooms.delete(topic);
  }

  #remove(client: LiveClient): void {
    if (!this.#clients.delete(client)) return;
    this.#options.counts.clients = this.#clients.size;
    for (const topic of client.topics) this.#leave(client, topic);
  }

  /** Of a client that says too much nothing more is taken. */
  #mayGoOn(client: LiveClient, life: ClientLife): boolean {
    const { nowSeconds, counts } = this.#options;
    if (!this.#clients.has(client)) return false;
    if (life.message(nowSeconds())) return true;
    counts.reject('too-many-messages');
    client.port.close(POLICY, 'too many messages');
    this.#remove(client);
    return false;
  }

  #cut(client: LiveClient): void {
    this.#options.counts.reject('no-pong');
    client.port.destroy();
    this.#remove(client);
  }
}
