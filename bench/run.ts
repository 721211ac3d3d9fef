// npm run bench: measures what NetWatch costs, and says honestly where a target is missed. Never a test: a miss is no
// failure. Exit codes: 0 measured, 1 a bench could not be run, 2 bad usage.

import { optionsOrCode } from './options-or-code.ts';
import { parseArgs } from 'node:util';
import { isMet, type Bench, type BenchResult } from './bench.ts';
import { benchDatagram } from './datagram.ts';
import { benchLab } from './lab.ts';
import { describeMachine, machineText } from './machine.ts';
import { benchMemory } from './memory.ts';
import { whyNoProc } from './proc.ts';
import { benchReceiveLag } from './receive-lag.ts';
import { benchSocketClients } from './socket-clients.ts';
import { tableText } from './table.ts';
import { benchVerdict } from './verdict.ts';

const BENCHES: Readonly<Record<string, { readonly run: Bench; readonly needsProc: boolean }>> = {
  datagram: { run: benchDatagram, needsProc: true },
  verdict: { run: benchVerdict, needsProc: false },
  memory: { run: benchMemory, needsProc: true },
  'receive-lag': { run: benchReceiveLag, needsProc: false },
  'socket-clients': { run: benchSocketClients, needsProc: true },
  lab: { run: benchLab, needsProc: true },
};

const USAGE = `usage: npm run bench -- [--only NAME]… [--seconds N] [--json]
  --only NAME   one of ${Object.keys(BENCHES).join(', ')}; may be given several times
  --seconds N   length of each measurement
  --json        the results as JSON
`;

interface Options {
  readonly names: readonly string[];
  readonly seconds: number | null;
  readonly json: boolean;
}

/** @throws Error that says what is wrong with the arguments. */
function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = values.only ?? Object.keys(BENCHES);
  for (const name of names) {
    if (!Object.hasOwn(BENCHES, name)) throw new Error(`--only: "${name}" is no bench`);
  }
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds >= 1 && seconds <= 3600)) {
    throw new Error(`--seconds: "${values.seconds}" is not a number from 1 to 3600`);
  }
  return { names, seconds, json: values.json };
}

async function runBench(name: string, seconds: number | null): Promise<BenchResult | string> {
  const bench = BENCHES[name];
  if (!bench) return 'there is no such bench';
  const missing = bench.needsProc ? whyNoProc() : null;
  if (missing !== null) return missing;
  try {
    return await bench.run({ seconds, progress: (text) => process.stderr.write(`${name}: ${text}\n`) });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function report(results: ReadonlyMap<string, BenchResult | string>, json: boolean): void {
  const machine = describeMachine();
  const done = [...results].flatMap(([bench, result]) => (typeof result === 'string' ? [] : [{ bench, ...result }]));
  const failed = [...results].flatMap(([bench, result]) =>
    typeof result === 'string' ? [{ bench, reason: result }] : [],
  );
  if (json) {
    const benches = done.map(({ bench, rows, notes }) => ({
      bench,
      rows: rows.map((row) => ({ ...row, met: isMet(row) })),
      notes,
    }));
    process.stdout.write(`${JSON.stringify({ machine, benches, failed }, null, 2)}\n`);
    return;
  }
  const rows = done.flatMap(({ bench, rows: all }) => all.map((row) => ({ bench, ...row })));
  const notes = done.flatMap(({ bench, notes: all }) => all.map((note) => `- ${bench}: ${note}`));
  const reasons = failed.map(({ bench, reason }) => `- ${bench}: not measured, ${reason}`);
  process.stdout.write([machineText(machine), tableText(rows), [...notes, ...reasons].join('\n'), ''].join('\n\n'));
}

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOrCode(() => readOptions(args), USAGE);
  if (typeof options === 'number') return options;
  const results = new Map<string, BenchResult | string>();
  for (const name of options.names) {
    // oxlint-disable-next-line no-await-in-loop -- benches must not disturb one another
    results.set(name, await runBench(name, options.seconds));
  }
  report(results, options.json);
  return [...results.values()].some((result) => typeof result === 'string') ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
