import { readFile } from 'node:fs/promises';
import { kill } from 'node:process';

/** One process on Linux, and never another one that gets its id later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in clock ticks since the machine was. */
  readonly startTicks: number;
}

/** Field 22 of proc(5)'s stat, counted from the state (field 3), which follows the name in parentheses. */
const START_TICKS_INDEX = 19;
/** Ended, and only not yet asked about by its parent. */
const ENDED_STATES: ReadonlySet<string> = new Set(['Z', 'X']);

/** Reads `/proc/PID/stat`; null for a process that has ended, and for a text that is none. Never throws. */
export function parseProcessStat(text: string): ProcessIdentity | null {
  // The name may hold anything, parentheses and spaces too.
  const nameEnd = text.lastIndexOf(')');
  const pid = /^(\d{1,10}) \(/.exec(text)?.[1];
  const fields = text.slice(nameEnd + 2).split(' ');
  const startTicks = fields[START_TICKS_INDEX];
  if (pid === undefined || startTicks === undefined || !/^\d{1,15}$/.test(startTicks)) return null;
  if (ENDED_STATES.has(fields[0] ?? '')) return null;
  return { pid: Number(pid), startTicks: Number(startTicks) };
}

/** The process that has this id now; null when none runs. Linux only. */
export async function processOf(pid: number): Promise<ProcessIdentity | null> {
  try {
    return parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Whether this very process runs. */
export async function isProcessRunning({ pid, startTicks }: ProcessIdentity): Promise<boolean> {
  return (await processOf(pid))?.startTicks === startTicks;
}

/** Sends a signal to this very process. Nothing happens when it has ended. @throws Error when it may not be sent one */
export async function signalProcess(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!(await isProcessRunning(identity))) return;
  try {
    kill(identity.pid, signal);
  } catch (error) {
    if (await isProcessRunning(identity)) throw error;
  }
}
