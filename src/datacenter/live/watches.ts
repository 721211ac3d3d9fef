import type { StreamFrame } from '../../wire/api/frame.ts';
import { encodeWatchRequest, MAX_WATCHED_SERVERS } from '../../wire/watch-request.ts';

const INTERVAL_SECONDS = 0.5;
/** A rack stops by itself when it was not asked again for so long. */
const LEASE_SECONDS = 10;
const RENEW_SECONDS = 3;
/** However often watchers come and go, a rack is told of it no more often than this. */
const LEAST_SECONDS = 0.1;
/** Servers of a rack that are remembered after their last watcher left, so that what was on its way is no offence. */
const MAX_RELEASED = 64;

export interface WatchesOptions {
  readonly nowSeconds: () => number;
  /** Writes a line to the connection that has the rack; does nothing when there is none. */
  readonly say: (rackId: number, line: string) => void;
}

type Watcher = (frame: StreamFrame) => void;

interface WatchedRack {
  /** Who watches each server. */
  readonly servers: Map<number, Set<Watcher>>;
  /** When each of the servers was left. */
  readonly releasedSeconds: Map<number, number>;
  saidSeconds: number;
  /** The rack was not told yet who is watched now. */
  isNews: boolean;
}

/** What became of a frame. `late`: its last watcher has left just now. */
export type FrameReceipt = 'taken' | 'late' | 'unwatched';

/**
 * Who watches which server, and what racks are asked for because of it. One stream of frames serves all who watch a
 * server. Has no timer: `check` is to be called every 100 ms or so.
 */
export class Watches {
  readonly #options: WatchesOptions;
  readonly #racks = new Map<number, WatchedRack>();

  constructor(options: WatchesOptions) {
    this.#options = options;
  }

  /** Calls `onFrame` with every frame of a server from now on, until it is released. */
  watch(rackId: number, serverId: number, onFrame: (frame: StreamFrame) => void): { release(): void } {
    const rack = this.#racks.get(rackId) ?? this.#open(rackId);
    const watchers = rack.servers.get(serverId) ?? new Set();
    if (!rack.servers.has(serverId)) {
      rack.servers.set(serverId, watchers);
      this.#tell(rackId, rack);
    }
    // Of its own, so that one that is given twice is released once.
    const watcher: Watcher = (frame) => onFrame(frame);
    watchers.add(watcher);
    return { release: () => this.#release(rackId, serverId, watcher) };
  }

  /** False when so many servers of the rack are watched that this one would have to wait until another is left. */
  hasRoom(rackId: number, serverId: number): boolean {
    const servers = this.#racks.get(rackId)?.servers;
    if (servers === undefined || servers.size < MAX_WATCHED_SERVERS) return true;
    return [...servers.keys()].slice(0, MAX_WATCHED_SERVERS).includes(serverId);
  }

  /** Brings a frame to those who watch. */
  take(frame: StreamFrame): FrameReceipt {
    const rack = this.#racks.get(frame.rack_id);
    const watchers = rack?.servers.get(frame.server_id);
    if (watchers === undefined) return rack?.releasedSeconds.has(frame.server_id) ? 'late' : 'unwatched';
    for (const watcher of watchers) watcher(frame);
    return 'taken';
  }

  /** The rack has a new connection, over which nobody has asked for anything yet. */
  connected(rackId: number): void {
    const rack = this.#racks.get(rackId);
    if (rack !== undefined && rack.servers.size > 0) this.#say(rackId, rack);
  }

  /** Says what was not said yet, and again what was said long ago. */
  check(): void {
    const now = this.#options.nowSeconds();
    for (const [rackId, rack] of this.#racks) {
      const saidAgoSeconds = now - rack.saidSeconds;
      const isDue = rack.isNews ? saidAgoSeconds >= LEAST_SECONDS : saidAgoSeconds >= RENEW_SECONDS;
      if (isDue && (rack.isNews || rack.servers.size > 0)) this.#say(rackId, rack);
      for (const [serverId, seconds] of rack.releasedSeconds) {
        if (now - seconds > LEASE_SECONDS) rack.releasedSeconds.delete(serverId);
      }
      if (rack.servers.size === 0 && rack.releasedSeconds.size === 0 && !rack.isNews) this.#racks.delete(rackId);
    }
  }

  #open(rackId: number): WatchedRack {
    const rack = { servers: new Map(), releasedSeconds: new Map(), saidSeconds: -Infinity, isNews: false };
    this.#racks.set(rackId, rack);
    return rack;
  }

  #release(rackId: number, serverId: number, watcher: Watcher): void {
    const rack = this.#racks.get(rackId);
    const watchers = rack?.servers.get(serverId);
    if (!rack || !watchers?.delete(watcher) || watchers.size > 0) return;
    rack.servers.delete(serverId);
    rack.releasedSeconds.delete(serverId);
    rack.releasedSeconds.set(serverId, this.#options.nowSeconds());
    const [oldest] = rack.releasedSeconds.keys();
    if (rack.releasedSeconds.size > MAX_RELEASED && oldest !== undefined) rack.releasedSeconds.delete(oldest);
    this.#tell(rackId, rack);
  }

  #tell(rackId: number, rack: WatchedRack): void {
    rack.isNews = true;
    if (this.#options.nowSeconds() - rack.saidSeconds >= LEAST_SECONDS) this.#say(rackId, rack);
  }

  #say(rackId: number, rack: WatchedRack): void {
    rack.isNews = false;
    rack.saidSeconds = this.#options.nowSeconds();
    const request = {
      rack_id: rackId,
      server_ids: [...rack.servers.keys()].slice(0, MAX_WATCHED_SERVERS),
      interval_seconds: INTERVAL_SECONDS,
      lease_seconds: LEASE_SECONDS,
    };
    this.#options.say(rackId, encodeWatchRequest(request));
  }
}
