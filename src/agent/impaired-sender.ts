import type { WallClock } from '../io/clock.ts';
import type { NetemQueue } from '../netem/netem-queue.ts';
import { addNetemCounts, noChaosCounts, type ChaosCounts } from './chaos-counts.ts';
import type { ImpairedServer } from './impaired-server.ts';
import { earliestDue, takeDue } from './packet-release.ts';

/** Most packets of all servers that wait at a time, some 20 MB; each server has the limit of its impairment besides. */
const MAX_WAITING_PACKETS = 100_000;
/** The longest sleep: timers cannot wait for a year. */
const MAX_SLEEP_MS = 3_600_000;

export interface ImpairedSenderOptions {
  /** Anchored to the monotonic clock: phases and deadlines do not follow a clock that is set. */
  readonly clock: WallClock;
  /** Most packets that wait at a time; 100 000 by default. */
  readonly maxWaiting?: number;
}

/**
 * What stands between the samplers of an agent and its socket: a queue for each server that is impaired, and nothing at
 * all for the others. Packets leave in the order of their times, never before, from one timer; a timer that is late is
 * jitter, as it is for a sample. When a server is not impaired any more, what waits leaves at its time, and what comes
 * later does not wait for it.
 */
export class ImpairedSender {
  readonly #clock: WallClock;
  readonly #maxWaiting: number;
  /** By the place of the server in the agent's list. */
  readonly #impaired = new Map<number, ImpairedServer>();
  /** Queues of those that were impaired, while something waits in them. */
  readonly #draining = new Set<NetemQueue>();
  /** Of queues that are gone. */
  readonly #retired = noChaosCounts();
  #send: ((bytes: Uint8Array) => void) | null = null;
  /** When the next packet is due or a phase changes, Unix seconds; Infinity: nothing is to come. */
  #wakeSeconds = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #timerSeconds = Infinity;
  #waiting = 0;
  #isClosed = false;

  constructor({ clock, maxWaiting = MAX_WAITING_PACKETS }: ImpairedSenderOptions) {
    this.#clock = clock;
    this.#maxWaiting = maxWaiting;
  }

  /** Those that are impaired now, by their place. */
  get impaired(): ReadonlyMap<number, ImpairedServer> {
    return this.#impaired;
  }

  /** Packets that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** What was done to packets since the start. */
  get counts(): ChaosCounts {
    const sum = { ...this.#retired };
    for (const { counts } of this.#queues()) addNetemCounts(sum, counts);
    return sum;
  }

  /** From now on what comes through goes there; what came before is lost. `send` must not throw. */
  start(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  /** Takes a packet of a server. Its bytes must not be written to afterwards. */
  send(bytes: Uint8Array, place: number): void {
    if (this.#impaired.size > 0 || this.#draining.size > 0) this.#sendImpaired(bytes, place);
    else if (!this.#isClosed) this.#send?.(bytes);
  }

  /** From now on a server is impaired in this way; null: not at all. */
  impair(place: number, server: ImpairedServer | null): void {
    if (this.#isClosed) return;
    this.#retire(place);
    if (server !== null) this.#impaired.set(place, server);
    this.proceed();
  }

  /** Does what the time asks for: ends what is over, begins new phases, sends what is due. */
  proceed(): void {
    if (this.#isClosed) return;
    const nowSeconds = this.#clock.nowSeconds();
    for (const [place, server] of this.#impaired) if (!server.advance(nowSeconds)) this.#retire(place);
    this.#sendDue(this.#queues(), nowSeconds);
    for (const queue of this.#draining) if (queue.length === 0) this.#forget(queue);
    this.#wakeSeconds = earliestDue(this.#queues());
    for (const { changeSeconds } of this.#impaired.values()) {
      this.#wakeSeconds = Math.min(this.#wakeSeconds, changeSeconds);
    }
    this.#setTimer();
  }

  /** Nothing goes out after it: what waits is dropped. Returns how many that were. Idempotent. */
  close(): number {
    const dropped = this.#waiting;
    this.#waiting = 0;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#impaired.clear();
    this.#draining.clear();
    return dropped;
  }

  #sendImpaired(bytes: Uint8Array, place: number): void {
    const nowSeconds = this.#clock.nowSeconds();
    // What is due leaves first, and the phase is that of this moment: the timer may be late.
    if (nowSeconds >= this.#wakeSeconds) this.proceed();
    const server = this.#impaired.get(place);
    if (server === undefined) {
      this.#send?.(bytes);
    } else if (this.#waiting >= this.#maxWaiting) {
      this.#retired.over_limit++;
    } else {
      const { queue } = server;
      const lengthBefore = queue.length;
      queue.enqueue(bytes, nowSeconds);
      this.#waiting += queue.length - lengthBefore;
      this.#sendDue([queue], nowSeconds);
      this.#wakeSeconds = Math.min(this.#wakeSeconds, queue.nextDueSeconds() ?? Infinity);
      this.#setTimer();
    }
  }

  #sendDue(queues: readonly NetemQueue[], nowSeconds: number): void {
    const lengthBefore = lengthOf(queues);
    const due = takeDue(queues, nowSeconds);
    // Not by what is sent: a queue drops what is corrupted.
    this.#waiting += lengthOf(queues) - lengthBefore;
    for (const bytes of due) this.#send?.(bytes);
  }

  /** The server's packets do not go through its queue any more. */
  #retire(place: number): void {
    const queue = this.#impaired.get(place)?.queue;
    this.#impaired.delete(place);
    if (queue !== undefined) this.#draining.add(queue);
  }

  #forget(queue: NetemQueue): void {
    this.#draining.delete(queue);
    addNetemCounts(this.#retired, queue.counts);
  }

  #queues(): readonly NetemQueue[] {
    return [...this.#draining, ...Array.from(this.#impaired.values(), ({ queue }) => queue)];
  }

  #setTimer(): void {
    if (this.#wakeSeconds === this.#timerSeconds) return;
    clearTimeout(this.#timer);
    this.#timerSeconds = this.#wakeSeconds;
    if (this.#wakeSeconds === Infinity) return;
    const waitMs = Math.ceil((this.#wakeSeconds - this.#clock.nowSeconds()) * 1000);
    this.#timer = setTimeout(() => this.#wake(), Math.min(MAX_SLEEP_MS, Math.max(1, waitMs)));
  }

  /** A timer may fire before its time; then nothing is due yet, and it is set again. */
  #wake(): void {
    this.#timerSeconds = Infinity;
    this.proceed();
  }
}

/** Packets that wait in these. */
function lengthOf(queues: readonly NetemQueue[]): number {
  return queues.reduce((sum, { length }) => sum + length, 0);
}
