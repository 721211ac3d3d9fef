import * as v from 'valibot';
import { CountSchema, IdSchema } from './bounded-schemas.ts';
import { IncidentIdSchema } from './incident-line.ts';
import { parseJson } from './json-text.ts';

/**
 * What a datacenter asks of a rack over its report connection: the list of its capsules, once a report says that there is
 * another, or a part of a capsule. Each part is asked for, so that neither end holds more than one.
 */
export interface IncidentRequest {
  readonly type: 'incident-request';
  readonly rack_id: number;
  /** Null: the list. */
  readonly incident_id: string | null;
  /** The answer has it too. */
  readonly request_id: number;
  /** The byte of the capsule at which the part begins; of the list, 0. */
  readonly offset: number;
}

const IncidentRequestSchema: v.GenericSchema<unknown, IncidentRequest> = v.object({
  type: v.literal('incident-request'),
  rack_id: IdSchema,
  incident_id: v.nullable(IncidentIdSchema),
  request_id: CountSchema,
  offset: CountSchema,
});

/** A request as a line, without its newline. */
export function encodeIncidentRequest(request: Omit<IncidentRequest, 'type'>): string {
  return JSON.stringify({ type: 'incident-request', ...request } satisfies IncidentRequest);
}

/** Reads one line; null when it is no such request. Any text is answered, none throws; unknown keys are dropped. */
export function parseIncidentRequest(line: string): IncidentRequest | null {
  const checked = v.safeParse(IncidentRequestSchema, parseJson(line));
  return checked.success ? checked.output : null;
}
