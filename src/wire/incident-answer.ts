import * as v from 'valibot';
import type { IncidentEntry } from './api/incident.ts';
import { CountSchema, IdSchema } from './bounded-schemas.ts';
import { IncidentEntrySchema } from './incident-line.ts';
import { parseJson } from './json-text.ts';

/** Most capsules a rack keeps, and tells of. */
export const MAX_INCIDENTS = 256;
/** Most bytes of a part of a capsule. */
export const MAX_PART_BYTES = 24 * 1024;

const MAX_PART_CHARACTERS = (MAX_PART_BYTES / 3) * 4;

/** The capsules that a rack has, oldest first. */
export interface IncidentsAnswer {
  readonly type: 'incidents';
  readonly rack_id: number;
  /** As reports have it. */
  readonly revision: number;
  readonly incidents: readonly IncidentEntry[];
}

/** A part of a capsule. */
export interface IncidentPart {
  readonly type: 'incident-part';
  readonly rack_id: number;
  readonly request_id: number;
  /** As was asked for. */
  readonly offset: number;
  /** Of the capsule as it is now; null: the rack has no such capsule. */
  readonly total_bytes: number | null;
  /** Bytes of the capsule, base64; empty at its end. */
  readonly data: string;
}

export type IncidentAnswer = IncidentsAnswer | IncidentPart;

/** How these lines begin: they are told from reports by that, before any is read. */
const STARTS = ['{"type":"incidents",', '{"type":"incident-part",'];

const IncidentAnswerSchema: v.GenericSchema<unknown, IncidentAnswer> = v.variant('type', [
  v.object({
    type: v.literal('incidents'),
    rack_id: IdSchema,
    revision: CountSchema,
    incidents: v.pipe(v.array(IncidentEntrySchema), v.maxLength(MAX_INCIDENTS)),
  }),
  v.object({
    type: v.literal('incident-part'),
    rack_id: IdSchema,
    request_id: CountSchema,
    offset: CountSchema,
    total_bytes: v.nullable(CountSchema),
    data: v.pipe(v.string(), v.maxLength(MAX_PART_CHARACTERS), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
  }),
]);

/** An answer as a line, without its newline. */
export function encodeIncidentAnswer(answer: IncidentAnswer): string {
  const { type, ...others } = answer;
  return JSON.stringify({ type, ...others });
}

/** Whether a line of a rack is of its capsules, not a report. */
export function isIncidentAnswer(line: string): boolean {
  return STARTS.some((start) => line.startsWith(start));
}

/** Reads one line; null when it is no such answer. Any text is answered, none throws; unknown keys are dropped. */
export function parseIncidentAnswer(line: string): IncidentAnswer | null {
  const checked = v.safeParse(IncidentAnswerSchema, parseJson(line), { abortEarly: true });
  if (!checked.success) return null;
  const answer = checked.output;
  if (answer.type === 'incident-part') return answer;
  return answer.incidents.every(({ rack_id: rackId }) => rackId === answer.rack_id) ? answer : null;
}
