import type { DatacenterHealth, RackHealth, Verdict } from '../../core/verdict.ts';
import type { RackHistory } from '../../wire/api/history.ts';
import type { HealthChange, HealthSnapshot } from '../../wire/api/socket.ts';

/** Values of a rack's history that are kept: 15 minutes at one a second. */
export const RACK_HISTORY_LENGTH = 900;

const NO_HISTORY: RackHistory = { timestamps: [], health_score: [] };

/** The tree as far as it is known, and what each rack's score was lately. Never changed in place. */
export interface HealthModel {
  /** Racks and servers ascending by id. A rack that did not change is the same object. */
  readonly tree: DatacenterHealth;
  readonly history: ReadonlyMap<number, RackHistory>;
}

/** The model a connection begins with. */
export function healthOf({ history, ...tree }: HealthSnapshot): HealthModel {
  return {
    tree: { ...tree, racks: tree.racks.map(inOrder).toSorted((a, b) => a.rack_id - b.rack_id) },
    history: new Map(tree.racks.map(({ rack_id: id }) => [id, history[String(id)] ?? NO_HISTORY])),
  };
}

/** The model after a change. */
export function changeHealth(model: HealthModel, change: HealthChange): HealthModel {
  const racks = new Map(model.tree.racks.map((rack) => [rack.rack_id, rack]));
  const history = new Map(model.history);
  for (const rack of change.racks) {
    racks.set(rack.rack_id, mergeRack(racks.get(rack.rack_id), rack));
    history.set(rack.rack_id, continueHistory(history.get(rack.rack_id) ?? NO_HISTORY, rack));
  }
  for (const { rack_id: rackId, server_ids: ids } of change.forgotten_servers) {
    const rack = racks.get(rackId);
    if (rack === undefined) continue;
    const gone = new Set(ids);
    racks.set(rackId, { ...rack, servers: rack.servers.filter(({ server_id: id }) => !gone.has(id)) });
  }
  for (const id of change.forgotten_rack_ids) {
    racks.delete(id);
    history.delete(id);
  }
  const { timestamp, health_score, status } = change;
  const inOrderOfId = [...racks.values()].toSorted((a, b) => a.rack_id - b.rack_id);
  return { tree: { dc_id: model.tree.dc_id, timestamp, health_score, status, racks: inOrderOfId }, history };
}

/** The verdict of a server, null when it is not in the tree. */
export function verdictOf(model: HealthModel | null, rackId: number, serverId: number): Verdict | null {
  const rack = model?.tree.racks.find(({ rack_id: id }) => id === rackId);
  return rack?.servers.find(({ server_id: id }) => id === serverId) ?? null;
}

/** `changed` says all of the rack, but only those of its servers that changed. */
function mergeRack(known: RackHealth | undefined, changed: RackHealth): RackHealth {
  if (known === undefined) return inOrder(changed);
  if (changed.servers.length === 0) return { ...changed, servers: known.servers };
  const servers = new Map(known.servers.map((verdict) => [verdict.server_id, verdict]));
  for (const verdict of changed.servers) servers.set(verdict.server_id, verdict);
  return inOrder({ ...changed, servers: [...servers.values()] });
}

function inOrder(rack: RackHealth): RackHealth {
  return { ...rack, servers: rack.servers.toSorted((a, b) => a.server_id - b.server_id) };
}

function continueHistory(known: RackHistory, { last_report: last, health_score: score }: RackHealth): RackHistory {
  if (last === null || last <= (known.timestamps.at(-1) ?? -Infinity)) return known;
  return {
    timestamps: [...known.timestamps, last].slice(-RACK_HISTORY_LENGTH),
    health_score: [...known.health_score, score].slice(-RACK_HISTORY_LENGTH),
  };
}
