/** Most incidents that the API lists at once. */
export const MOST_LISTED = 256;

/** Which incidents are shown: of a rack, of a server; null: of any. */
export interface IncidentFilter {
  readonly rackId: number | null;
  readonly serverId: number | null;
}

/** A filter of the texts that the address has; what is no id leaves its part out. */
export function incidentFilter(rack: string | null, server: string | null): IncidentFilter {
  return { rackId: idOf(rack), serverId: idOf(server) };
}

/** Where the API has the incidents of a filter. */
export function listPath({ rackId, serverId }: IncidentFilter): string {
  const parameters = new URLSearchParams({ limit: String(MOST_LISTED) });
  if (rackId !== null) parameters.set('rack', String(rackId));
  if (serverId !== null) parameters.set('server', String(serverId));
  return `/api/v1/incidents?${parameters.toString()}`;
}

/** How many there are, in words. */
export function countWords(count: number, { rackId, serverId }: IncidentFilter): string {
  const isOfAny = rackId === null && serverId === null;
  if (count === 0) {
    return isOfAny
      ? 'No incident was recorded yet. A rack records them when it was started with --incident-dir.'
      : 'No incident was recorded there.';
  }
  if (count === 1) return '1 incident.';
  const more = count < MOST_LISTED ? '' : ' Older ones are found by rack and server.';
  return `${count} incidents, newest first.${more}`;
}

function idOf(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text.trim()) && Number(text) <= 0xffff ? Number(text) : null;
}
