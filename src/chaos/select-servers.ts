import { countText } from '../terminal/number-text.ts';
import { compareServers, rangesText, type ServerIds } from './server-ids.ts';
import { ChaosError, type TargetServer } from './target.ts';

/** Which servers are meant. Sorted ids, each once; null: every one. */
export interface Selection {
  readonly racks: readonly number[] | null;
  /** In each of the racks. */
  readonly servers: readonly number[] | null;
}

/**
 * The servers of a target that are meant.
 * @throws ChaosError when a rack or server that is named is not there, with those that are
 */
export function selectServers(all: readonly TargetServer[], { racks, servers }: Selection): readonly TargetServer[] {
  const there = idsByRack(all);
  const missingRacks = racks?.filter((rackId) => !there.has(rackId)) ?? [];
  if (missingRacks.length > 0) {
    throw new ChaosError(`there is no rack ${rangesText(missingRacks)}: ${existingText(there)}`);
  }
  const inRacks = all.filter((server) => isSelected(server, { racks, servers: null }));
  const missing = servers?.filter((serverId) => !inRacks.some((server) => server.serverId === serverId)) ?? [];
  if (missing.length > 0) {
    const where = racks === null ? 'any rack' : `rack ${rangesText(racks)}`;
    throw new ChaosError(`there is no server ${rangesText(missing)} in ${where}: ${existingText(there)}`);
  }
  return all.filter((server) => isSelected(server, { racks, servers }));
}

/** Whether a server is meant, listed or not. */
export function isSelected({ rackId, serverId }: ServerIds, { racks, servers }: Selection): boolean {
  return (racks?.includes(rackId) ?? true) && (servers?.includes(serverId) ?? true);
}

/** Says which servers these are: `rack 0`, `rack 0 server 3`, `racks 0-3`, `10 servers of 2 racks`. */
export function scopeText(chosen: readonly TargetServer[], all: readonly TargetServer[]): string {
  const [there, meant] = [idsByRack(all), idsByRack(chosen)];
  const racks = [...meant.keys()];
  const isWhole = racks.every((rackId) => meant.get(rackId)?.length === there.get(rackId)?.length);
  if (isWhole) return `${racks.length === 1 ? 'rack' : 'racks'} ${rangesText(racks)}`;
  const [rackId = 0] = racks;
  const ids = meant.get(rackId) ?? [];
  if (racks.length > 1) return `${countText(chosen.length, 'server')} of ${racks.length} racks`;
  return `rack ${rackId} ${ids.length === 1 ? 'server' : 'servers'} ${rangesText(ids)}`;
}

/** Sorted server ids by rack id, racks in order. */
export function idsByRack(servers: readonly TargetServer[]): ReadonlyMap<number, readonly number[]> {
  const sorted = servers.toSorted(compareServers);
  const racks = new Map<number, number[]>();
  for (const { rackId, serverId } of sorted) {
    const ids = racks.get(rackId) ?? [];
    // Two replicas may carry one identity.
    if (ids.at(-1) !== serverId) ids.push(serverId);
    racks.set(rackId, ids);
  }
  return racks;
}

function existingText(there: ReadonlyMap<number, readonly number[]>): string {
  if (there.size === 0) return 'there are no servers at all';
  const shown = [...there].slice(0, 8).map(([rackId, ids]) => `rack ${rackId} with servers ${rangesText(ids)}`);
  const left = there.size - shown.length;
  return `there are ${shown.join(', ')}${left > 0 ? ` and ${countText(left, 'more rack')}` : ''}`;
}
