import type { DatacenterHealth, GroupStatus, RackHealth, ServerStatus, Verdict } from '../core/verdict.ts';
import type { EventRing } from './events.ts';
import type { StatusEvent } from '../wire/api/datacenter-event.ts';

type Status = ServerStatus | GroupStatus;

/** The status last seen, and whether there ever was one but `warming`. */
interface Known {
  readonly status: Status;
  readonly wasJudged: boolean;
}

interface KnownRack {
  own: Known;
  readonly servers: Map<number, Known>;
}

/** A rack or datacenter of which nothing was heard yet is shown as `warming`. */
const UNHEARD: Known = { status: 'warming', wasJudged: false };

/** What an event says of its subject besides the change. */
type Subject = Omit<StatusEvent, 'id' | 'from' | 'to'>;

/**
 * Tells changes of status from what was seen before, and records them.
 *
 * The usual start is no event: the first status that is `warming` or `healthy`, and the first step from `warming` to
 * `healthy`. Every other change is one, also a first status that is bad (for a server `from` is null then). A server that
 * leaves its rack's reports, or a rack that is forgotten, is no event; should it come back, it starts anew.
 */
export class StatusJournal {
  readonly #ring: EventRing;
  readonly #racks = new Map<number, KnownRack>();
  #datacenter = UNHEARD;

  constructor(ring: EventRing) {
    this.#ring = ring;
  }

  /** The servers of a rack as its newest report has them. */
  seeServers({ rack_id: rackId, servers }: RackHealth, timestamp: number): void {
    const known = this.#rack(rackId).servers;
    for (const verdict of servers) {
      const subject = serverSubject(verdict, timestamp);
      known.set(verdict.server_id, this.#see(known.get(verdict.server_id) ?? null, verdict.status, subject));
    }
    if (known.size === servers.length) return;
    const present = new Set(servers.map((verdict) => verdict.server_id));
    for (const serverId of known.keys()) if (!present.has(serverId)) known.delete(serverId);
  }

  /** The status of a rack itself. */
  seeRack({ rack_id, status, health_score }: RackHealth, name: string | null, timestamp: number): void {
    const known = this.#rack(rack_id);
    const subject = { scope: 'rack', rack_id, server_id: null, name, spectral_error: null, health_score } as const;
    known.own = this.#see(known.own, status, { ...subject, timestamp });
  }

  seeDatacenter(health: Omit<DatacenterHealth, 'timestamp' | 'racks'>, timestamp: number): void {
    const { dc_id: name, status, health_score } = health;
    const nobody = { rack_id: null, server_id: null, spectral_error: null };
    const subject = { ...nobody, scope: 'datacenter', name, health_score, timestamp } as const;
    this.#datacenter = this.#see(this.#datacenter, status, subject);
  }

  forgetRack(rackId: number): void {
    this.#racks.delete(rackId);
  }

  #rack(rackId: number): KnownRack {
    let known = this.#racks.get(rackId);
    if (!known) {
      known = { own: UNHEARD, servers: new Map() };
      this.#racks.set(rackId, known);
    }
    return known;
  }

  #see(known: Known | null, to: Status, subject: Subject): Known {
    if (known?.status === to) return known;
    const isUsualStart = !known?.wasJudged && (to === 'warming' || to === 'healthy');
    if (!isUsualStart) this.#ring.push({ ...subject, from: known?.status ?? null, to });
    return { status: to, wasJudged: to !== 'warming' || (known?.wasJudged ?? false) };
  }
}

function serverSubject({ rack_id, server_id, name, spectral_error }: Verdict, timestamp: number): Subject {
  return { timestamp, scope: 'server', rack_id, server_id, name, spectral_error, health_score: null };
}
