import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchResult } from './bench.ts';
import { startCli } from './child.ts';
import { childPids, commandLine, cpuSeconds, memoryBytes } from './proc.ts';
import { sum } from './statistics.ts';

const RACKS = 4;
const SERVERS = 8;
/** Above the ephemeral ports of none of the usual systems, and away from the default ports of the roles. */
const BASE_PORT = 21_700;
/** The lab itself, its datacenter, its racks and their agents. */
const PROCESSES = 2 + 2 * RACKS;
const WARMUP_SECONDS = 15;
const SECONDS = 30;
const START_DEADLINE_SECONDS = 60;
const TARGET_CORES = 0.25;
const TARGET_MEBIBYTES = 700;
const MEBIBYTE = 2 ** 20;

interface ProcessUse {
  /** `lab`, `datacenter`, `rack` or `agent`. */
  readonly kind: string;
  readonly cpuSeconds: number;
  readonly resident: number;
  readonly proportional: number;
}

/** What the whole lab costs a machine: all its processes, the lab itself among them, once they are warm. */
export const benchLab: Bench = async (context) => {
  const size = ['--racks', String(RACKS), '--servers', String(SERVERS)];
  await using lab = startCli(['lab', ...size, '--base-port', String(BASE_PORT)]);
  context.progress('starting');
  const pids = await labPids(lab.pid);
  context.progress('warming up');
  await sleep(WARMUP_SECONDS * 1000);
  context.progress('measuring');
  const seconds = context.seconds ?? SECONDS;
  const [began, before] = [performance.now(), pids.map((pid) => cpuSeconds(pid).total)];
  await sleep(seconds * 1000);
  const elapsedSeconds = (performance.now() - began) / 1000;
  const uses = pids.map((pid, i) => ({
    kind: commandLine(pid).find((_, at, words) => words[at - 1]?.endsWith('cli.ts')) ?? 'unknown',
    cpuSeconds: cpuSeconds(pid).total - (before[i] ?? 0),
    ...memoryBytes(pid),
  }));
  return describe(uses, elapsedSeconds);
};

/** @throws Error when the lab does not get as far as having all its processes. */
async function labPids(labPid: number): Promise<readonly number[]> {
  for (let second = 0; second < START_DEADLINE_SECONDS; second++) {
    const pids = [labPid, ...childPids(labPid)];
    if (pids.length >= PROCESSES) return pids;
    // oxlint-disable-next-line no-await-in-loop -- until they are there
    await sleep(1000);
  }
  throw new Error(`the lab has not started its ${PROCESSES} processes within ${START_DEADLINE_SECONDS} s`);
}

function describe(uses: readonly ProcessUse[], elapsedSeconds: number): BenchResult {
  const cores = sum(uses.map((use) => use.cpuSeconds)) / elapsedSeconds;
  const proportional = sum(uses.map((use) => use.proportional)) / MEBIBYTE;
  const resident = sum(uses.map((use) => use.resident)) / MEBIBYTE;
  const what = 'the same with shared pages counted in each';
  return {
    rows: [
      { what: 'lab, share of one core', value: cores, unit: 'cores', target: TARGET_CORES, baseline: null },
      {
        what: 'lab, memory (PSS)',
        value: proportional,
        unit: 'MiB',
        target: TARGET_MEBIBYTES,
        baseline: { what, ratio: proportional / resident },
      },
      { what: 'lab, memory (RSS)', value: resident, unit: 'MiB', target: null, baseline: null },
    ],
    notes: [
      `${RACKS} racks × ${SERVERS} servers, ${uses.length} processes, ${elapsedSeconds.toFixed(0)} s`,
      ...kindNotes(uses, elapsedSeconds),
    ],
  };
}

function kindNotes(uses: readonly ProcessUse[], elapsedSeconds: number): readonly string[] {
  const kinds = Map.groupBy(uses, (use) => use.kind);
  return [...kinds].map(([kind, all]) => {
    const each = (of: (use: ProcessUse) => number): number => sum(all.map(of)) / all.length;
    const cores = each((use) => use.cpuSeconds) / elapsedSeconds;
    const [pss, rss] = [each((use) => use.proportional) / MEBIBYTE, each((use) => use.resident) / MEBIBYTE];
    return `${all.length} × ${kind}: each ${cores.toFixed(4)} cores, PSS ${pss.toFixed(0)} MiB, RSS ${rss.toFixed(0)} MiB`;
  });
}
