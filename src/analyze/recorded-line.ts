import * as v from 'valibot';
import type { Incident } from '../wire/api/incident.ts';
import { IncidentSchema } from '../wire/incident-line.ts';
import { parseJson } from '../wire/json-text.ts';
import { issueText, NOT_JSON, readSample, type SampleLine } from './sample-line.ts';

/** A line of a recording: a received sample, or the head of an incident. */
export type RecordedLine =
  { readonly kind: 'sample'; readonly sample: SampleLine } | { readonly kind: 'head'; readonly head: Incident };

/** Some tools begin a file with it, which may then stand before any line of files that were put together. */
const BYTE_ORDER_MARK = '\uFEFF';
/** The first two bytes of what gzip has compressed, as UTF-8: the second of them is none. */
const GZIP_START = '\u001F\uFFFD';

/** Whether a file that begins with this line was compressed with gzip. */
export function isCompressed(firstLine: string): boolean {
  return firstLine.startsWith(GZIP_START);
}

/**
 * Reads one line; a byte order mark before it is passed over. Never throws: a broken line is a text that says what is
 * wrong with it.
 */
export function parseRecordedLine(line: string): RecordedLine | string {
  const value = parseJson(line.startsWith(BYTE_ORDER_MARK) ? line.slice(BYTE_ORDER_MARK.length) : line);
  if (value === undefined) return NOT_JSON;
  if (isHead(value)) {
    const checked = v.safeParse(IncidentSchema, value, { abortEarly: true });
    return checked.success ? { kind: 'head', head: checked.output } : `incident: ${issueText(checked.issues[0])}`;
  }
  const sample = readSample(value);
  return typeof sample === 'string' ? sample : { kind: 'sample', sample };
}

/** Told by its type, wherever among its keys that stands: another tool may have written the line anew. */
function isHead(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'incident';
}
