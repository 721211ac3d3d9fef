import type { RackHealth } from '../core/verdict.ts';
import type { RackHistory, ServerHistory } from '../wire/api/history.ts';
import { ServerPast } from './server-past.ts';

/** What all pasts share. */
export interface PastLimits {
  readonly entries: number;
  /** What may still be taken. */
  leftBytes: number;
}

/** A timestamp as double, a score as single. */
const ENTRY_BYTES = 12;

/**
 * The recent past of a rack and its servers: rings of the same length, in which what one report said is at the same
 * place, so that the time is held once.
 */
export class RackPast {
  readonly #limits: PastLimits;
  readonly #timestamps: Float64Array;
  readonly #scores: Float32Array;
  readonly #servers = new Map<number, ServerPast>();
  /** Entries ever begun, less those taken back; entry n is at its remainder. */
  #end = 0;
  #held = 0;
  /** Servers of the newest report that have no past. */
  withoutRoom = 0;

  private constructor(limits: PastLimits) {
    this.#limits = limits;
    this.#timestamps = new Float64Array(limits.entries);
    this.#scores = new Float32Array(limits.entries);
  }

  /** Null when there is no room. */
  static open(limits: PastLimits): RackPast | null {
    const bytes = limits.entries * ENTRY_BYTES;
    if (bytes > limits.leftBytes) return null;
    limits.leftBytes -= bytes;
    return new RackPast(limits);
  }

  take({ health_score: score, servers }: RackHealth, timestamp: number): void {
    this.#takeBackFrom(timestamp);
    const at = this.#end % this.#limits.entries;
    this.#timestamps[at] = timestamp;
    this.#scores[at] = score ?? Number.NaN;
    for (const past of this.#servers.values()) past.skip(at);
    this.withoutRoom = 0;
    for (const verdict of servers) {
      const past = this.#servers.get(verdict.server_id) ?? this.#admit(verdict.server_id);
      if (past === null) this.withoutRoom++;
      else past.take(at, verdict);
    }
    this.#end++;
    this.#held = Math.min(this.#held + 1, this.#limits.entries);
    this.#dropEmpty();
  }

  history(): RackHistory {
    const places = this.#places();
    return {
      timestamps: places.map((at) => this.#timestamps[at] ?? 0),
      health_score: places.map((at) => {
        const score = this.#scores[at] ?? Number.NaN;
        return Number.isNaN(score) ? null : Number(score.toPrecision(6));
      }),
    };
  }

  /** Null for a server that has no past. */
  server(serverId: number): ServerHistory | null {
    const past = this.#servers.get(serverId);
    if (past === undefined) return null;
    const places = this.#places().filter((at) => past.isThere(at));
    return { timestamps: places.map((at) => this.#timestamps[at] ?? 0), ...past.history(places) };
  }

  /** Gives back what it took. */
  release(): void {
    this.#limits.leftBytes += this.#limits.entries * (ENTRY_BYTES + this.#servers.size * ServerPast.ENTRY_BYTES);
    this.#servers.clear();
  }

  /** A rack whose clock was set back tells the time anew: what it said of later is wrong. */
  #takeBackFrom(timestamp: number): void {
    const { entries } = this.#limits;
    while (this.#held > 0 && (this.#timestamps[(this.#end - 1) % entries] ?? 0) >= timestamp) {
      this.#end--;
      this.#held--;
      for (const past of this.#servers.values()) past.skip(this.#end % entries);
    }
  }

  #admit(serverId: number): ServerPast | null {
    const bytes = this.#limits.entries * ServerPast.ENTRY_BYTES;
    if (bytes > this.#limits.leftBytes) return null;
    this.#limits.leftBytes -= bytes;
    const past = new ServerPast(this.#limits.entries);
    this.#servers.set(serverId, past);
    return past;
  }

  /** Servers that were in no report for so long that nothing is left of them. */
  #dropEmpty(): void {
    for (const [serverId, past] of this.#servers) {
      if (past.count > 0) continue;
      this.#servers.delete(serverId);
      this.#limits.leftBytes += this.#limits.entries * ServerPast.ENTRY_BYTES;
    }
  }

  /** Where the entries are, oldest first. */
  #places(): number[] {
    const first = this.#end - this.#held;
    return Array.from({ length: this.#held }, (_, n) => (first + n) % this.#limits.entries);
  }
}
