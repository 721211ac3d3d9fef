import * as v from 'valibot';

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
const finite = v.pipe(v.number(), v.finite());
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));

const schema = v.object({
  rack_id: id,
  server_id: id,
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sent_ts: finite,
  recv_ts: finite,
  wave_sample: finite,
  quadrature_sample: v.nullish(finite),
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
