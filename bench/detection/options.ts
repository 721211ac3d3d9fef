import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench:detection -- [--stream-days N] [--runs N] [--quick] [--json FILE] [--from FILE] [--dry]
  --stream-days N  healthy time in which false alarms are counted, days (30)
  --runs N         runs of each fault (200)
  --quick          a few seconds: few runs, little healthy time, writes nothing
  --json FILE      everything measured, as JSON
  --from FILE      prints and writes what such a file says, and measures nothing
  --dry            prints the table, and writes neither docs/detection.md nor its picture
`;

export interface Options {
  readonly streamDays: number;
  readonly runs: number;
  /** Stream-days for each point of the picture, and for the detectors NetWatch is compared with. */
  readonly tradeDays: number;
  readonly rackRuns: number;
  readonly writesDocs: boolean;
  readonly jsonFile: string | null;
  /** A file of `--json` to tell of instead of measuring. */
  readonly fromFile: string | null;
}

/** What `--quick` measures: enough to see that everything runs. */
export const QUICK: Options = {
  streamDays: 0.05,
  runs: 4,
  tradeDays: 0,
  rackRuns: 1,
  writesDocs: false,
  jsonFile: null,
  fromFile: null,
};

/** @throws Error that says what is wrong with the arguments. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'stream-days': { type: 'string', default: '30' },
      runs: { type: 'string', default: '200' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
      dry: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const jsonFile = values.json ?? null;
  if (values.quick) return { ...QUICK, jsonFile };
  return {
    streamDays: numberIn('--stream-days', values['stream-days'], 0.01, 100_000),
    runs: Math.round(numberIn('--runs', values.runs, 1, 100_000)),
    tradeDays: 2,
    rackRuns: 50,
    writesDocs: !values.dry,
    jsonFile,
    fromFile: values.from ?? null,
  };
}

function numberIn(flag: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`${flag}: "${text}" is not a number from ${low} to ${high}`);
}
