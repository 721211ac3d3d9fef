import { readFile } from 'node:fs/promises';
import { findMarkedProcesses } from '../../io/marked-processes.ts';
import type { ProcessIdentity } from '../../io/process-identity.ts';
import { NAMESPACE_MARK } from '../../wire/netns-claim.ts';
import { type NamespaceServer, readEvidence, scriptFile } from './evidence.ts';

/**
 * The watchdogs of a server whose evidence somebody has deleted: they hold on, and at their end would undo what another
 * injection does there by then.
 * @returns null when there is evidence, so that none of them is lost
 */
export async function findLostWatchdogs(of: NamespaceServer): Promise<readonly ProcessIdentity[] | null> {
  const marked = await findMarkedProcesses(NAMESPACE_MARK, new Set([of.namespace]));
  const script = scriptFile(of);
  const runs = await Promise.all(
    marked.map(async ({ pid }) => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')),
  );
  const watchdogs = marked.filter((_, index) => runs[index]?.includes(script));
  // Only now: one that is about to begin has its evidence before it runs.
  return (await readEvidence(of)) === null ? watchdogs : null;
}
