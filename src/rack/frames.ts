import type { WindowAnalyzer } from '../core/window-analyzer.ts';
import type { StreamFrame } from '../wire/api/frame.ts';
import { frameOfStream } from '../wire/frame-of-stream.ts';
import type { WatchRequest } from '../wire/watch-request.ts';
import type { ServerTable } from './server-table.ts';

/** With this many watched servers or fewer a call gives one frame: they do not all crowd into one moment. */
const SERVERS_A_FRAME = 16;

/** What frames are made of. */
export interface Heard {
  readonly servers: Pick<ServerTable, 'get'>;
  readonly analyzer: WindowAnalyzer;
}

/**
 * Makes frames of the servers that somebody watches, each at its own interval. Holds a time for each of them, at most
 * `MAX_WATCHED_SERVERS`, and does nothing while there are none. Times are arguments, in Unix seconds.
 */
export class Frames {
  readonly #rackId: number;
  /** When the next frame of each watched server is due; first whose turn was longest ago. */
  readonly #dueSeconds = new Map<number, number>();
  #intervalSeconds = 0;
  #leaseEndSeconds = 0;

  constructor(rackId: number) {
    this.#rackId = rackId;
  }

  /** How many servers are watched. */
  get watched(): number {
    return this.#dueSeconds.size;
  }

  /** From now on frames are wanted of these servers and of no others. A request for another rack changes nothing. */
  watch(request: WatchRequest, nowSeconds: number): void {
    if (request.rack_id !== this.#rackId) return;
    const wanted = new Set(request.server_ids);
    for (const serverId of this.#dueSeconds.keys()) if (!wanted.has(serverId)) this.#dueSeconds.delete(serverId);
    // Whoever has just begun to watch sees something at once.
    for (const serverId of wanted) if (!this.#dueSeconds.has(serverId)) this.#dueSeconds.set(serverId, nowSeconds);
    this.#intervalSeconds = request.interval_seconds;
    this.#leaseEndSeconds = nowSeconds + request.lease_seconds;
  }

  /** Nobody watches any more. */
  stop(): void {
    this.#dueSeconds.clear();
  }

  /**
   * Some of the frames that are due; to be called a few dozen times a second. What was due several times since the last
   * call is due once.
   */
  due(heard: Heard, nowSeconds: number): StreamFrame[] {
    if (nowSeconds >= this.#leaseEndSeconds) this.stop();
    const most = Math.ceil(this.watched / SERVERS_A_FRAME);
    const dueNow = [...this.#dueSeconds].filter(([, dueSeconds]) => nowSeconds >= dueSeconds).slice(0, most);
    for (const [serverId, dueSeconds] of dueNow) {
      const missed = Math.floor((nowSeconds - dueSeconds) / this.#intervalSeconds);
      this.#dueSeconds.delete(serverId);
      this.#dueSeconds.set(serverId, dueSeconds + (missed + 1) * this.#intervalSeconds);
    }
    return dueNow.map(([serverId]) => this.#frame(heard, serverId, nowSeconds));
  }

  #frame({ servers, analyzer }: Heard, serverId: number, nowSeconds: number): StreamFrame {
    const stream = servers.get(serverId)?.stream;
    if (stream !== undefined) return frameOfStream({ stream, analyzer }, nowSeconds);
    const ofNothing = { timestamp: nowSeconds, spectrum: null, window: null };
    return { type: 'frame', rack_id: this.#rackId, server_id: serverId, ...ofNothing };
  }
}
