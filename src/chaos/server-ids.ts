/** Which server; an id is 16 bits on the wire. */
export interface ServerIds {
  readonly rackId: number;
  readonly serverId: number;
}

export const MAX_ID = 0xff_ff;

/** An id in decimal; null when it is none. */
export function parseId(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= MAX_ID ? Number(text) : null;
}

/** `rack 0 server 3`, for people, and as a key that no other server has. */
export function serverName({ rackId, serverId }: ServerIds): string {
  return `rack ${rackId} server ${serverId}`;
}

export function isSameServer(a: ServerIds, b: ServerIds): boolean {
  return a.rackId === b.rackId && a.serverId === b.serverId;
}

/** Sorts by rack, then by server. */
export function compareServers(a: ServerIds, b: ServerIds): number {
  return a.rackId - b.rackId || a.serverId - b.serverId;
}

/** Ids as a person would write them: `3`, `0-7`, `0-2,5`. The ids are sorted, each once. */
export function rangesText(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const id of ids) {
    const latest = ranges.at(-1);
    if (latest?.last === id - 1) latest.last = id;
    else ranges.push({ first: id, last: id });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** `rack 0 servers 0-3, rack 2 server 1`. */
export function serversText(servers: readonly ServerIds[]): string {
  const racks = Map.groupBy(servers.toSorted(compareServers), ({ rackId }) => rackId);
  return [...racks]
    .map(([rackId, of]) => {
      const ids = [...new Set(of.map(({ serverId }) => serverId))];
      return `rack ${rackId} ${ids.length === 1 ? 'server' : 'servers'} ${rangesText(ids)}`;
    })
    .join(', ');
}
