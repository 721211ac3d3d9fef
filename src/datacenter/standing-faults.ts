import {
  FAULT_KINDS,
  MAX_FAULT_SERVERS,
  type Fault,
  type FaultKind,
  type RackFault,
  type RackHealth,
} from '../core/verdict.ts';

/** A fault that a report has, and whose it is. */
export interface StandingFault {
  /** Null: the rack's. */
  readonly serverId: number | null;
  /** Human name of the server or the rack. */
  readonly name: string | null;
  readonly fault: Fault;
}

/** Above every server id. */
const RACK_PLACE = 0x1_0000;

/** Names a fault within its rack: the server or the rack itself, and the kind. */
function faultKey(serverId: number | null, kind: FaultKind): number {
  return (serverId ?? RACK_PLACE) * FAULT_KINDS.length + FAULT_KINDS.indexOf(kind);
}

/**
 * What stands, by key, the rack's own first. `rack-wide` is no fault of a server: the rack's fault says it, and where a
 * rack sends none, the first `rack-wide` does. So it is with `observer`, which every server of a rack has at once.
 */
export function standingFaults(rack: RackHealth, rackName: string | null): ReadonlyMap<number, StandingFault> {
  const ofRack = new Map<number, StandingFault>();
  const ofServers = new Map<number, StandingFault>();
  for (const { server_ids: _ids, ...fault } of rack.faults) {
    ofRack.set(faultKey(null, fault.kind), { serverId: null, name: rackName, fault });
  }
  for (const { server_id: serverId, name, faults } of rack.servers) {
    for (const fault of faults) {
      const { kind } = fault;
      if (kind !== 'rack-wide' && kind !== 'observer') {
        ofServers.set(faultKey(serverId, kind), { serverId, name, fault });
        continue;
      }
      const key = faultKey(null, kind);
      if (ofRack.has(key) || (kind === 'rack-wide' && rack.faults.length > 0)) continue;
      ofRack.set(key, { serverId: null, name: rackName, fault });
    }
  }
  return new Map([...ofRack, ...ofServers]);
}

/** The servers that a fault of the rack is shared by. */
export class Sharers {
  readonly #ids: ReadonlySet<number>;
  readonly #isCut: boolean;

  constructor({ server_ids: ids }: RackFault) {
    this.#ids = new Set(ids);
    this.#isCut = ids.length === MAX_FAULT_SERVERS;
  }

  /** Where the list was cut, any server may be one of them. */
  has(serverId: number): boolean {
    return this.#isCut || this.#ids.has(serverId);
  }
}
