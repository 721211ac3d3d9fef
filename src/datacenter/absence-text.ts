import type { RackHealth } from '../core/verdict.ts';
import type { Aggregate } from './aggregate.ts';

const MAX_LISTED = 16;

/** What is said to who asks for a rack that nobody expects and nobody heard. */
export function noRackText({ racks }: Pick<Aggregate, 'racks'>, rackId: number): string {
  const ids = racks.map((rack) => rack.rackId);
  return `There is no rack ${rackId}. ${listText('racks', ids)}`;
}

/** The same for a server. */
export function noServerText({ rack_id: rackId, servers }: RackHealth, serverId: number): string {
  const ids = servers.map((server) => server.server_id);
  return `There is no server ${serverId} in rack ${rackId}. ${listText('servers', ids)}`;
}

function listText(kind: 'racks' | 'servers', ids: readonly number[]): string {
  if (ids.length === 0) return `No ${kind} were heard yet.`;
  const more = ids.length > MAX_LISTED ? ` and ${ids.length - MAX_LISTED} more` : '';
  return `There are ${kind} ${ids.slice(0, MAX_LISTED).join(', ')}${more}.`;
}
