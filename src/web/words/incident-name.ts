import type { Incident } from '../../wire/api/incident.ts';
import { faultName } from '../../words/fault-words.ts';

/** What a capsule is of, as a noun: `loss`, `rack-wide loss`; `rack-wide fault` where its rack does not say of what kind. */
export function incidentName({ kind, shared_kind: shared }: Pick<Incident, 'kind' | 'shared_kind'>): string {
  return shared === undefined ? faultName(kind) : `rack-wide ${faultName(shared)}`;
}
