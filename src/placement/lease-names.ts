import type { Place } from './claim.ts';

/** Names of one command in an error. */
const MAX_NAMES = 10;

/** Name of the Lease by which a zone holds a rack. */
export function rackLeaseName(rackId: number): string {
  return `rack-${rackId}`;
}

/** Name of the Lease by which a node holds a place. */
export function placeLeaseName({ rackId, serverId }: Place): string {
  return `${rackLeaseName(rackId)}-server-${serverId}`;
}

/** What a person types to remove Leases, the first few of them. */
export function deleteCommand(namespace: string, names: readonly string[]): string {
  return `kubectl --namespace ${namespace} delete lease ${names.slice(0, MAX_NAMES).join(' ')}`;
}
