import * as v from 'valibot';
import { FAULT_KINDS, SEVERITIES, SHARED_FAULT_KINDS } from '../core/verdict.ts';
import type { Incident, IncidentEntry } from './api/incident.ts';
import { CountSchema, IdSchema, PositiveSchema, PrintableSchema, TimeSchema } from './bounded-schemas.ts';
import { parseJson } from './json-text.ts';

/** The name of a capsule is safe in a path, a header and a shell: it begins with neither a dot nor a dash. */
export const INCIDENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;

export const IncidentIdSchema = v.message(
  v.pipe(v.string(), v.regex(INCIDENT_ID)),
  "1 to 96 letters, digits, '.', '_' and '-', of which the first is a letter or a digit",
);

const incidentEntries = {
  type: v.literal('incident'),
  incident_id: IncidentIdSchema,
  rack_id: IdSchema,
  server_id: IdSchema,
  name: v.nullable(PrintableSchema),
  kind: v.picklist(FAULT_KINDS),
  shared_kind: v.exactOptional(v.picklist(SHARED_FAULT_KINDS)),
  severity: v.picklist(SEVERITIES),
  since: TimeSchema,
  detected: TimeSchema,
  expected_frequency_hz: PositiveSchema,
  sample_rate_hz: PositiveSchema,
  window_slots: CountSchema,
  version: PrintableSchema,
};

/** Holds the head of a capsule to its shape and bounds; keys that are not known are dropped. */
export const IncidentSchema: v.GenericSchema<unknown, Incident> = v.object(incidentEntries);

/** The same for a capsule in a list. */
export const IncidentEntrySchema: v.GenericSchema<unknown, IncidentEntry> = v.object({
  ...incidentEntries,
  bytes: CountSchema,
  is_complete: v.boolean(),
});

/** The head of a capsule as a line, without its newline. Its type comes first, for those who look into the file. */
export function encodeIncident(incident: Incident): string {
  const { type, ...others } = incident;
  return JSON.stringify({ type, ...others } satisfies Incident);
}

/** Reads one line; null when it is no head of a capsule. Any text is answered, none throws; unknown keys are dropped. */
export function parseIncident(line: string): Incident | null {
  const checked = v.safeParse(IncidentSchema, parseJson(line), { abortEarly: true });
  return checked.success ? checked.output : null;
}
