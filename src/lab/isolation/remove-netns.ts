import { setTimeout as delay } from 'node:timers/promises';
import { findMarkedProcesses } from '../../io/marked-processes.ts';
import { isProcessRunning, type ProcessIdentity, signalProcess } from '../../io/process-identity.ts';
import { NAMESPACE_MARK } from '../../wire/netns-claim.ts';
import { hostLinks, ipBatch, namespaceNames } from './kernel-networks.ts';
import { type NetnsPlan, serversOf } from './netns-plan.ts';

/** Longest wait for those that hold an injection; they undo what goes away anyway. */
const HOLDERS_MS = 1500;
/** Longest wait for the kernel, which takes cables away together with their namespaces, in its own time. */
const CABLES_MS = 500;
const POLL_MS = 20;

/**
 * Removes all that a plan says, as far as it is there: ends what holds an injection in its namespaces, then namespaces,
 * cables, bridges. A device that does not carry the plan's alias is somebody else's and stays.
 * @returns how many namespaces and bridges were there
 * @throws Error that says what is left, and why
 */
export async function removeNetns(plan: NetnsPlan): Promise<number> {
  const names = new Set(serversOf(plan).map(({ name }) => name));
  const namespaces = async (): Promise<string[]> => [...(await namespaceNames())].filter((name) => names.has(name));
  const links = async (): Promise<string[]> =>
    (await hostLinks()).filter(({ alias }) => alias === plan.alias).map(({ name }) => name);

  await endHolders(names);
  const found = await namespaces();
  const bridges = (await links()).filter((name) => !names.has(name));
  const problems = [await forEach('netns del', found), await forEach('link del dev', bridges)];
  // A namespace in which some process still runs keeps its cable.
  if (!(await within(CABLES_MS, async () => (await links()).length === 0))) {
    problems.push(await forEach('link del dev', await links()));
  }
  const left = new Set([...(await namespaces()), ...(await links())]);
  if (left.size > 0) {
    const why = [...new Set(problems.filter((problem) => problem !== null))].join('; ');
    throw new Error(`these network namespaces and devices were not removed: ${[...left].join(', ')} (${why})`);
  }
  return found.length + bridges.length;
}

/** Goes on to the next name where one fails. @returns null, or what went wrong */
async function forEach(command: string, names: readonly string[]): Promise<string | null> {
  const lines = names.map((name) => `${command} ${name}`);
  return ipBatch(lines, '-force');
}

async function endHolders(namespaces: ReadonlySet<string>): Promise<void> {
  const holders = await findMarkedProcesses(NAMESPACE_MARK, namespaces);
  await Promise.all(holders.map(async (holder) => signalProcess(holder, 'SIGTERM')));
  await within(HOLDERS_MS, async () => !(await isAnyRunning(holders)));
  // What does not listen goes with its namespace: nothing of it is left to undo.
  await Promise.all(holders.map(async (holder) => signalProcess(holder, 'SIGKILL')));
}

async function isAnyRunning(processes: readonly ProcessIdentity[]): Promise<boolean> {
  return (await Promise.all(processes.map(async (identity) => isProcessRunning(identity)))).includes(true);
}

/** Asks until it is so; false when that took longer. */
async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + ms;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    if (await isSo()) return true;
    if (performance.now() > endMs) return false;
    // oxlint-disable-next-line no-await-in-loop -- the pause between two questions
    await delay(POLL_MS);
  }
}
