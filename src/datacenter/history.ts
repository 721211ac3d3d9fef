import type { RackHealth } from '../core/verdict.ts';
import type { RackHistory, ServerHistory } from '../wire/api/history.ts';
import { RackPast, type PastLimits } from './rack-past.ts';

export interface HistoryOptions {
  /** Entries kept of each rack and server; 900 unless told otherwise. */
  readonly entries?: number;
  /** What all of it may take; 128 MiB unless told otherwise. */
  readonly maxBytes?: number;
}

const ENTRIES = 900;
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * The recent past of every rack and server: at one report a second the last 15 minutes. Its size is bounded: once that
 * is reached, racks and servers that are new have no past, and are counted. Pure: times are arguments.
 */
export class History {
  readonly #limits: PastLimits;
  readonly #racks = new Map<number, RackPast>();
  /** Racks that reported and have no past. */
  readonly #without = new Set<number>();

  constructor({ entries = ENTRIES, maxBytes = MAX_BYTES }: HistoryOptions = {}) {
    this.#limits = { entries, leftBytes: maxBytes };
  }

  /** Takes a report. `timestamp`: as of when, in Unix seconds on the rack's clock. */
  take(rackHealth: RackHealth, timestamp: number): void {
    const rack = this.#racks.get(rackHealth.rack_id) ?? this.#admit(rackHealth.rack_id);
    rack?.take(rackHealth, timestamp);
  }

  /** Empty for a rack that has no past. */
  rack(rackId: number): RackHistory {
    return this.#racks.get(rackId)?.history() ?? { timestamps: [], health_score: [] };
  }

  /** Empty for a server that has no past. */
  server(rackId: number, serverId: number): ServerHistory {
    return (
      this.#racks.get(rackId)?.server(serverId) ?? {
        timestamps: [],
        status: [],
        spectral_error: [],
        snr_db: [],
        loss_ratio: [],
        delay_seconds: [],
        jitter_seconds: [],
      }
    );
  }

  /** The rack is no longer expected: its past is given up. */
  forgetRack(rackId: number): void {
    this.#racks.get(rackId)?.release();
    this.#racks.delete(rackId);
    this.#without.delete(rackId);
  }

  /** Racks, and servers of the other racks' newest reports, of which nothing is kept because there is no room. */
  get withoutRoom(): number {
    let sum = this.#without.size;
    for (const rack of this.#racks.values()) sum += rack.withoutRoom;
    return sum;
  }

  #admit(rackId: number): RackPast | null {
    const rack = RackPast.open(this.#limits);
    if (rack === null) {
      this.#without.add(rackId);
      return null;
    }
    this.#without.delete(rackId);
    this.#racks.set(rackId, rack);
    return rack;
  }
}
