import { pause } from '../../io/pause.ts';
import { isProcessRunning, type ProcessIdentity, signalProcess } from '../../io/process-identity.ts';
import { runCommand } from '../../io/run-command.ts';
import { NAMESPACE_MARK, SERVER_DEVICE } from '../../wire/netns-claim.ts';
import { hasSaid, HOLDER_EXIT, reasonIn } from '../holder/holder-lines.ts';
import { sweepScript } from '../holder/holder-script.ts';
import {
  hasNamespace,
  type NamespaceServer,
  readEvidence,
  readLog,
  removeEvidence,
  removeEvidenceOf,
  runningWatchdog,
} from './evidence.ts';
import { lookForRules } from './look-for-rules.ts';
import { findLostWatchdogs } from './lost-watchdogs.ts';

const POLL_MS = 50;
/** For a watchdog to let what waits leave and to undo; after that it is made to end, and what it left is swept. */
const UNDO_MS = 20_000;
const SWEEP_MS = 30_000;

/**
 * Undoes what of ours is on a server, and makes certain that it is gone: the watchdog undoes it, or, where that was
 * killed, a sweep does. Without any evidence, which somebody may have deleted, there is a sweep too. What has taken the
 * place of the injection meanwhile is left alone.
 * @param id of the injection that is meant, another one being left alone; null: whichever
 * @returns null once nothing is left, or why something may be, in words for the user
 * @throws the reason of `signal` when that is aborted
 */
export async function endWatchdog(of: NamespaceServer, id: string | null, signal: AbortSignal): Promise<string | null> {
  const evidence = await readEvidence(of);
  if (evidence === null) return endWithoutEvidence(of, id, signal);
  if (id !== null && evidence !== 'unreadable' && evidence.id !== id) return null;
  const watchdog = await runningWatchdog(of);
  if (watchdog !== null) await terminate(watchdog, signal);
  if (evidence !== 'unreadable' && (await isReplaced(of, evidence.id))) return null;
  if (!(await hasUndone(of)) && (await hasNamespace(of))) {
    const problem = await sweep(of, signal);
    if (problem !== null) return problem;
  }
  await (evidence === 'unreadable' ? removeEvidence(of) : removeEvidenceOf(of, evidence.id));
  return null;
}

async function endWithoutEvidence(of: NamespaceServer, id: string | null, signal: AbortSignal): Promise<string | null> {
  if (!(await hasNamespace(of))) return null;
  const lost = await findLostWatchdogs(of);
  if (lost === null) return endWatchdog(of, id, signal);
  await Promise.all(lost.map(async (watchdog) => terminate(watchdog, signal)));
  if (id !== null) {
    // A sweep may meet an injection that begins just now, so that there must be a reason for it.
    const hasRule = (await lookForRules([of.namespace], signal)).has(of.namespace);
    if (!hasRule || (await readEvidence(of)) !== null) return null;
  }
  return sweep(of, signal);
}

async function isReplaced(of: NamespaceServer, id: string): Promise<boolean> {
  const evidence = await readEvidence(of);
  return evidence !== null && evidence !== 'unreadable' && evidence.id !== id;
}

/** Whether its watchdog said that nothing is left, which is the last thing it says. */
export async function hasUndone(of: NamespaceServer): Promise<boolean> {
  return hasSaid(await readLog(of), 'undone');
}

async function terminate(watchdog: ProcessIdentity, signal: AbortSignal): Promise<void> {
  await signalProcess(watchdog, 'SIGTERM');
  const endMs = performance.now() + UNDO_MS;
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  while (await isProcessRunning(watchdog)) {
    signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- only one that does not listen
    if (performance.now() > endMs) await signalProcess(watchdog, 'SIGKILL');
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await pause(POLL_MS, signal);
  }
}

async function sweep({ namespace }: NamespaceServer, signal: AbortSignal): Promise<string | null> {
  const script = sweepScript({ devices: [SERVER_DEVICE], namespace });
  const mark = `${NAMESPACE_MARK}=${namespace}`;
  const { code, stdout, problem } = await runCommand(
    ['ip', 'netns', 'exec', namespace, 'env', mark, 'sh', '-c', script],
    { timeoutMs: SWEEP_MS, signal },
  );
  const lines = stdout.split('\n');
  if (code === HOLDER_EXIT.undone && hasSaid(lines, 'undone')) return null;
  return reasonIn(lines) ?? problem ?? 'the sweep did not say that it was done';
}
