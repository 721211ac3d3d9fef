import type { IncidentEntry } from '../../wire/api/incident.ts';

/** Which incidents are shown: of a rack, of a server; null: of any. */
export interface IncidentFilter {
  readonly rackId: number | null;
  readonly serverId: number | null;
}

/** A filter of the texts that the address has; what is no id leaves its part out. */
export function incidentFilter(rack: string | null, server: string | null): IncidentFilter {
  return { rackId: idOf(rack), serverId: idOf(server) };
}

/** Whether an incident passes. */
export function isOf(
  { rack_id: rack, server_id: server }: IncidentEntry,
  { rackId, serverId }: IncidentFilter,
): boolean {
  return (rackId === null || rack === rackId) && (serverId === null || server === serverId);
}

/** How many there are, in words. */
export function countWords(shown: number, known: number): string {
  if (known === 0) return 'No incident was recorded yet.';
  if (shown === known) return known === 1 ? '1 incident.' : `${known} incidents, newest first.`;
  return `${shown} of ${known} incidents.`;
}

function idOf(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text.trim()) ? Number(text) : null;
}
