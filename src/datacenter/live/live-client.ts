import type { ServerMessage, Topic } from '../../wire/api/socket.ts';
import { encodeMessage } from './feed.ts';
import type { SocketCounts } from './socket-counts.ts';

/** With more than this unsent, messages are left out. A message itself may be longer. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** With this little unsent, a slow client has caught up. */
const DRAINED_BYTES = 64 * 1024;

/** What a client needs of its socket. */
export interface ClientPort {
  /** Bytes given to `send` that the kernel has not taken. */
  readonly unsentBytes: number;
  send(bytes: Buffer): void;
  ping(): void;
  pong(data: Buffer): void;
  /** Ends the connection in order, with a code of WebSocket and a few words. */
  close(code: number, reason: string): void;
  /** Cuts it at once. */
  destroy(): void;
}

interface Subscription {
  /** Nothing is sent of this topic until its snapshot was. */
  awaitsSnapshot: boolean;
}

/**
 * One client: what it is subscribed to, and what it is sent. Never holds more than 1 MiB and one message for it: what a
 * client does not read in time is left out, and once it has read all the rest, it gets a snapshot of each topic anew.
 */
export class LiveClient {
  readonly port: ClientPort;
  readonly #counts: SocketCounts;
  readonly #topics = new Map<Topic, Subscription>();
  #dropped = 0;
  #toldDropped = 0;
  /** Something was left out, or had to wait, and it has not caught up yet. */
  #isBehind = false;

  constructor(port: ClientPort, counts: SocketCounts) {
    this.port = port;
    this.#counts = counts;
  }

  get topics(): readonly Topic[] {
    return [...this.#topics.keys()];
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  has(topic: Topic): boolean {
    return this.#topics.has(topic);
  }

  /** Its snapshot comes with the next `catchUp`. */
  subscribe(topic: Topic): void {
    this.#topics.set(topic, { awaitsSnapshot: true });
  }

  unsubscribe(topic: Topic): void {
    this.#topics.delete(topic);
  }

  /** A message to this client alone. */
  tell(message: ServerMessage): void {
    if (this.#hasRoom()) this.#send(encodeMessage(message));
    else this.#drop();
  }

  /** A change of a topic. */
  deliver(topic: Topic, bytes: Buffer): void {
    const subscription = this.#topics.get(topic);
    if (subscription === undefined) return;
    if (!subscription.awaitsSnapshot && this.#hasRoom()) return this.#send(bytes);
    // Before its first snapshot there is nothing that it could miss.
    if (this.#isBehind || !subscription.awaitsSnapshot) this.#drop();
    subscription.awaitsSnapshot = true;
  }

  /** Sends the snapshots that are awaited, unless it still has much to read. To be called often. */
  catchUp(snapshotOf: (topic: Topic) => Buffer | null): void {
    if (this.#isBehind && this.port.unsentBytes > DRAINED_BYTES) return;
    this.#isBehind = false;
    if (this.#dropped > this.#toldDropped) {
      this.#toldDropped = this.#dropped;
      this.tell({ type: 'slow', dropped: this.#dropped });
    }
    for (const [topic, subscription] of this.#topics) {
      if (!subscription.awaitsSnapshot) continue;
      if (!this.#hasRoom()) {
        this.#isBehind = true;
        return;
      }
      const bytes = snapshotOf(topic);
      if (bytes !== null) this.#send(bytes);
      subscription.awaitsSnapshot = false;
    }
  }

  #hasRoom(): boolean {
    return this.port.unsentBytes <= MAX_UNSENT_BYTES;
  }

  #send(bytes: Buffer): void {
    this.#counts.sent++;
    this.port.send(bytes);
  }

  #drop(): void {
    this.#isBehind = true;
    this.#dropped++;
    this.#counts.dropped++;
  }
}
