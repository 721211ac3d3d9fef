import type { ClientMessage, ServerMessage, Topic } from '../../wire/api/socket.ts';
import { retryDelaySeconds, type ConnectionState } from './connection-state.ts';

/** What the client needs of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** What a socket tells. */
export interface SocketListener {
  onOpen(): void;
  onMessage(data: unknown): void;
  /** Also when it never opened. */
  onClose(): void;
}

export interface SocketClientOptions {
  /** Begins to connect. */
  readonly openSocket: (listener: SocketListener) => Socket;
  /** Why the controller does not let this page in, null when that is not the reason. A browser does not tell. */
  readonly refusal: () => Promise<string | null>;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onState: (state: ConnectionState) => void;
  /** Unix seconds. */
  readonly now: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Calls `then` after so many seconds, unless the returned function is called before. */
  readonly after: (seconds: number, then: () => void) => () => void;
}

/** Silence after which the health is asked for anew, and after which the connection is given up. */
const ASK_AFTER_SECONDS = 15;
const GIVE_UP_AFTER_SECONDS = 10;
const OPENING_SECONDS = 10;

/** Keeps a connection to the controller, and on it the topics that are wanted. Pure but for what it is given. */
export class SocketClient {
  readonly #options: SocketClientOptions;
  readonly #topics = new Map<Topic, number>();
  #socket: Socket | null = null;
  #isOpen = false;
  #failures = 0;
  #lostSince: number | null = null;
  /** A countdown runs to the next try. */
  #isWaiting = false;
  #cancelTimer: () => void = () => {};
  #isClosed = false;

  constructor(options: SocketClientOptions) {
    this.#options = options;
  }

  /** Begins to connect; also the way out of `refused`, and out of a countdown. */
  connect(): void {
    if (this.#socket !== null || this.#isClosed) return;
    this.#cancelTimer();
    if (this.#isWaiting) this.#tellLost(this.#options.now());
    this.#isWaiting = false;
    // What a socket says after it was given up is of no interest.
    const ifCurrent = (then: () => void) => {
      if (this.#socket === socket) then();
    };
    const socket = this.#options.openSocket({
      onOpen: () => ifCurrent(() => this.#opened()),
      onMessage: (data) => ifCurrent(() => this.#took(data)),
      onClose: () => ifCurrent(() => void this.#ended()),
    });
    this.#socket = socket;
    this.#cancelTimer = this.#options.after(OPENING_SECONDS, () => this.#giveUp());
  }

  /** Subscribes to a topic, on every connection, until the returned function was called as often as this one. */
  subscribe(topic: Topic): () => void {
    const wanted = this.#topics.get(topic) ?? 0;
    this.#topics.set(topic, wanted + 1);
    if (wanted === 0) this.#send({ type: 'subscribe', topic });
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#release(topic);
    };
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#socket?.close();
  }

  #release(topic: Topic): void {
    const left = (this.#topics.get(topic) ?? 1) - 1;
    this.#topics.set(topic, left);
    if (left > 0) return;
    this.#topics.delete(topic);
    this.#send({ type: 'unsubscribe', topic });
  }

  #opened(): void {
    this.#isOpen = true;
    this.#failures = 0;
    this.#lostSince = null;
    this.#options.onState({ kind: 'live', droppedMessages: 0, droppedAtSeconds: null });
    for (const topic of this.#topics.keys()) this.#send({ type: 'subscribe', topic });
    this.#watchSilence();
  }

  #took(data: unknown): void {
    this.#watchSilence();
    const message = messageOf(data);
    if (message?.type === 'slow') {
      const { now, onState } = this.#options;
      onState({ kind: 'live', droppedMessages: message.dropped, droppedAtSeconds: now() });
    }
    if (message !== null) this.#options.onMessage(message);
  }

  #tellLost(retryAtSeconds: number): void {
    const sinceSeconds = (this.#lostSince ??= this.#options.now());
    this.#options.onState({ kind: 'lost', sinceSeconds, retryAtSeconds });
  }

  /** A link that broke without a word says nothing more: asked for a snapshot, a live controller answers. */
  #watchSilence(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(ASK_AFTER_SECONDS, () => {
      this.#send({ type: 'unsubscribe', topic: 'health' });
      this.#send({ type: 'subscribe', topic: 'health' });
      this.#cancelTimer = this.#options.after(GIVE_UP_AFTER_SECONDS, () => this.#giveUp());
    });
  }

  /** Closing a dead link takes its time: it is as good as closed. */
  #giveUp(): void {
    this.#socket?.close();
    void this.#ended();
  }

  async #ended(): Promise<void> {
    this.#socket = null;
    this.#cancelTimer();
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    if (this.#isClosed) return;
    const { now, random, after, onState, refusal } = this.#options;
    this.#failures++;
    this.#lostSince ??= now();
    const detail = wasOpen ? null : await refusal();
    // Somebody may have connected while that was asked, tried in vain, or closed this.
    if (this.#socket !== null || this.#isWaiting || this.#isClosed) return;
    if (detail !== null) return onState({ kind: 'refused', detail });
    const delaySeconds = retryDelaySeconds(this.#failures, random());
    this.#isWaiting = true;
    this.#tellLost(now() + delaySeconds);
    this.#cancelTimer = after(delaySeconds, () => this.connect());
  }

  #send(message: ClientMessage): void {
    if (this.#isOpen) this.#socket?.send(JSON.stringify(message));
  }
}

/** Null for what is no message, of a newer controller perhaps. */
function messageOf(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The page is served by the controller it listens to: both know the same messages.
  return value as ServerMessage;
}
