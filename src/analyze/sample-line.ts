import * as v from 'valibot';
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

const id = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));
/** Any epoch will do, also a recording's own; far from it a second would vanish in the rounding. */
const time = v.pipe(v.number(), v.minValue(-MAX_SENT_SECONDS), v.maxValue(MAX_SENT_SECONDS));
const amplitude = v.pipe(v.number(), v.minValue(-MAX_AMPLITUDE), v.maxValue(MAX_AMPLITUDE));
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));

const schema = v.object({
  rack_id: id,
  server_id: id,
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sent_ts: time,
  recv_ts: time,
  wave_sample: amplitude,
  quadrature_sample: v.nullish(amplitude),
  boot_id: v.nullish(word),
});

/** Reads one line. Never throws: a broken line is a text that says what is wrong with it. */
export function parseSampleLine(line: string): SampleLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not JSON';
  }
  const checked = v.safeParse(schema, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const where = v.getDotPath(issue);
  return `${where === null ? '' : `${where}: `}${issue.message}`;
}
