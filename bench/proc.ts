import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process so far, in seconds. */
export interface CpuSeconds {
  /** All its threads, user and system. */
  readonly total: number;
  /** By thread name: `MainThread`, `WorkerThread`, `V8Worker`, … */
  readonly byThread: ReadonlyMap<string, number>;
}

/** What a process holds of the machine's memory, in bytes. */
export interface MemoryBytes {
  /** Pages it has mapped, shared ones in full. */
  readonly resident: number;
  /** The same, a page shared by n processes counting 1/n in each: summed over processes, every page counts once. */
  readonly proportional: number;
}

/** Says why processes cannot be measured here, or null when they can. */
export function whyNoProc(): string | null {
  try {
    cpuSeconds(process.pid);
    memoryBytes(process.pid);
    return null;
  } catch {
    return 'processes are measured through /proc, which only Linux has';
  }
}

/**
 * CPU time from the scheduler's own account, to the nanosecond (the clock ticks of /proc/PID/stat have 10 ms).
 * Threads that have ended are not in it; a Node process keeps all of its own.
 * @throws Error when there is no such process, or no Linux.
 */
export function cpuSeconds(pid: number): CpuSeconds {
  const byThread = new Map<string, number>();
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${thread}`;
    const seconds = Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
    const name = readFileSync(`${path}/comm`, 'utf8').trim();
    byThread.set(name, (byThread.get(name) ?? 0) + seconds);
    total += seconds;
  }
  return { total, byThread };
}

/** @throws Error when there is no such process, or no Linux. */
export function memoryBytes(pid: number): MemoryBytes {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  return { resident: field('Rss'), proportional: field('Pss') };
}

/** Processes whose parent is `pid`. */
export function childPids(pid: number): readonly number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** The arguments a process was started with. */
export function commandLine(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
}
