import { SHARED_FAULT_KINDS } from '../../core/verdict.ts';

/** What a capsule may be of. */
export const INCIDENT_KINDS = [...SHARED_FAULT_KINDS, 'rack-wide'] as const;

/** Most incidents that the API lists at once. */
export const MOST_LISTED = 256;

/** Which incidents are shown: of a rack, of a server, of a kind of fault; null: of any. */
export interface IncidentFilter {
  readonly kind: (typeof INCIDENT_KINDS)[number] | null;
  readonly rackId: number | null;
  readonly serverId: number | null;
}

/** A filter of the texts that the address has; what is no id, or no such kind, leaves its part out. */
export function incidentFilter(of: {
  readonly rack: string | null;
  readonly server: string | null;
  readonly kind: string | null;
}): IncidentFilter {
  const kind = INCIDENT_KINDS.find((known) => known === of.kind) ?? null;
  return { rackId: idOf(of.rack), serverId: idOf(of.server), kind };
}

/** Where the API has the incidents of a filter. */
export function listPath({ rackId, serverId, kind }: IncidentFilter): string {
  const parameters = new URLSearchParams({ limit: String(MOST_LISTED) });
  if (rackId !== null) parameters.set('rack', String(rackId));
  if (serverId !== null) parameters.set('server', String(serverId));
  if (kind !== null) parameters.set('kind', kind);
  return `/api/v1/incidents?${parameters.toString()}`;
}

/** How many there are, in words. */
export function countWords(count: number, { rackId, serverId, kind }: IncidentFilter): string {
  const isOfAny = rackId === null && serverId === null && kind === null;
  if (count === 0) {
    return isOfAny
      ? 'No incident was recorded yet. A rack records them when it was started with --incident-dir.'
      : kind === null
        ? 'No incident was recorded there.'
        : 'No incident of this kind was recorded there.';
  }
  if (count === 1) return '1 incident.';
  const more = count < MOST_LISTED ? '' : ' Older ones are found by fault, rack and server.';
  return `${count} incidents, newest first.${more}`;
}

function idOf(text: string | null): number | null {
  return text !== null && /^\d{1,5}$/.test(text.trim()) && Number(text) <= 0xffff ? Number(text) : null;
}
