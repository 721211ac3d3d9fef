import * as v from 'valibot';
import { BootIdSchema, CountSchema, IdSchema } from '../wire/bounded-schemas.ts';
import { parseJson } from '../wire/json-text.ts';
import { MAX_AMPLITUDE, MAX_SENT_SECONDS } from '../wire/sample-limits.ts';

/** One received sample, as a line of NDJSON gives it; times in seconds. */
export interface SampleLine {
  readonly rack_id: number;
  readonly server_id: number;
  readonly seq: number;
  readonly sent_ts: number;
  readonly recv_ts: number;
  /** In-phase sample. */
  readonly wave_sample: number;
  readonly quadrature_sample?: number | null | undefined;
  readonly boot_id?: number | null | undefined;
}

export const NOT_JSON = 'not JSON';

/** Any epoch will do, also a recording's own; far from it a second would vanish in the rounding. */
const time = v.pipe(v.number(), v.minValue(-MAX_SENT_SECONDS), v.maxValue(MAX_SENT_SECONDS));
const amplitude = v.pipe(v.number(), v.minValue(-MAX_AMPLITUDE), v.maxValue(MAX_AMPLITUDE));

const schema = v.object({
  rack_id: IdSchema,
  server_id: IdSchema,
  seq: CountSchema,
  sent_ts: time,
  recv_ts: time,
  wave_sample: amplitude,
  quadrature_sample: v.nullish(amplitude),
  boot_id: v.nullish(BootIdSchema),
});

/** Reads one line. Never throws: a broken line is a text that says what is wrong with it. */
export function parseSampleLine(line: string): SampleLine | string {
  const value = parseJson(line);
  return value === undefined ? NOT_JSON : readSample(value);
}

/** Reads a value that was JSON. Never throws: what is no sample is a text that says why. */
export function readSample(value: unknown): SampleLine | string {
  const checked = v.safeParse(schema, value, { abortEarly: true });
  return checked.success ? checked.output : issueText(checked.issues[0]);
}

/** What is wrong with a line, with the field where it is. */
export function issueText(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue);
  return `${where === null ? '' : `${where}: `}${issue.message}`;
}
