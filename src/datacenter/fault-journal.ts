import type { RackHealth } from '../core/verdict.ts';
import type { EventRing } from './events.ts';
import { RackFaultMemory, type KnownFault } from './rack-fault-memory.ts';
import { standingFaults, type StandingFault } from './standing-faults.ts';

/** Of a report, besides what it says. */
export interface ReportContext {
  /** Human name of the rack. */
  readonly name: string | null;
  /** Unix seconds, the rack's clock. */
  readonly timestamp: number;
  /** Whether it follows the report before: of the same start of the rack, and none is missing between the two. */
  readonly isSequel: boolean;
}

/**
 * Tells which faults began and ended from what reports said before, and records them. A fault is known by its rack, its
 * server (none for the rack's own) and its kind; all else of it may change while it stands.
 *
 * - While a rack is silent its faults are not known, and nothing is told. What its next report still has went on. What
 *   that has no more has ended: at its time if no report is missing between, as when a backlog comes; else at that of the
 *   last report that had it. So it is when a rack was started anew, and when a rack is forgotten.
 * - A fault that a server had before it became the rack's goes on as part of that. A server that comes to have a fault
 *   only with its rack tells of none, unless it still has it 30 s after the rack has not.
 * - Faults that flap cannot fill the ring: one that ended is told again only when it stands 10 s later (`observer`: 60 s),
 *   and each rack may tell of 64 beginnings at once, and one every 5 s after that. What has to wait is told later if it
 *   still stands, with the time at which it was first reported; else never, neither its beginning nor its end.
 */
export class FaultJournal {
  readonly #ring: EventRing;
  readonly #racks = new Map<number, RackFaultMemory>();

  constructor(ring: EventRing) {
    this.#ring = ring;
  }

  /** Faults that stand and were not told of, because their racks tell of too many. */
  get withheld(): number {
    let sum = 0;
    for (const { withheld } of this.#racks.values()) sum += withheld;
    return sum;
  }

  /** A rack as its newest report has it. */
  see(health: RackHealth, { name, timestamp, isSequel }: ReportContext): void {
    const { rack_id: rackId } = health;
    const rack = this.#racks.get(rackId) ?? new RackFaultMemory();
    this.#racks.set(rackId, rack);
    const endSeconds = isSequel ? timestamp : rack.seenSeconds;
    rack.begin(health, timestamp);
    const standing = standingFaults(health, name);
    for (const [key, known] of rack.faults) {
      if (standing.has(key) || (known.isTold && rack.isShared(known))) continue;
      rack.faults.delete(key);
      if (!known.isTold) continue;
      rack.rest(key, known);
      this.#record(rackId, known, endSeconds);
    }
    for (const [key, fault] of standing) this.#take(health, rack, { key, fault });
  }

  /** The rack is no longer expected. */
  forgetRack(rackId: number): void {
    const rack = this.#racks.get(rackId);
    if (rack === undefined) return;
    this.#racks.delete(rackId);
    for (const known of rack.faults.values()) if (known.isTold) this.#record(rackId, known, rack.seenSeconds);
  }

  /** Takes a fault of the report that began, and tells of it when it may. */
  #take(
    { rack_id: rackId }: RackHealth,
    rack: RackFaultMemory,
    { key, fault }: { readonly key: number; readonly fault: StandingFault },
  ): void {
    const { seenSeconds, budget } = rack;
    const { firstSeconds = seenSeconds, isTold: wasTold = false } = rack.faults.get(key) ?? {};
    let isTold = wasTold;
    if (!wasTold && seenSeconds >= rack.quietUntil(key, fault)) {
      isTold = budget.take(seenSeconds);
      if (!isTold) rack.withheld++;
    }
    const known = { ...fault, firstSeconds, isTold };
    rack.faults.set(key, known);
    if (isTold && !wasTold) this.#record(rackId, known, null);
  }

  /** @param endSeconds when it ended; null: it began */
  #record(rackId: number, { serverId, name, fault, firstSeconds }: KnownFault, endSeconds: number | null): void {
    this.#ring.push({
      timestamp: endSeconds ?? firstSeconds,
      scope: 'fault',
      rack_id: rackId,
      server_id: serverId,
      name,
      from: endSeconds === null ? null : 'begun',
      to: endSeconds === null ? 'begun' : 'ended',
      spectral_error: null,
      health_score: null,
      // Whose clock was set back, or who was told of while reports were missing, may have begun after it ended.
      fault: { ...fault, duration_seconds: endSeconds === null ? null : Math.max(0, endSeconds - fault.since) },
    });
  }
}
