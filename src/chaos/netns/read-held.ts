import type { HeldInjection, TargetServer } from '../target.ts';
import { hasSaid, reasonIn } from '../holder/holder-lines.ts';
import { hasUndone } from './end-watchdog.ts';
import {
  type Evidence,
  hasNamespace,
  type NamespaceServer,
  readEvidence,
  readLog,
  readWatchdog,
  removeEvidenceOf,
  runningWatchdog,
} from './evidence.ts';

type Finding = Pick<HeldInjection, 'state' | 'problem'>;

/** A watchdog that runs for so long after its time is stuck: it lets what waits leave first, on a machine that is busy. */
const OVERDUE_SECONDS = 60;
/** So long after its evidence a watchdog may not have begun yet. */
const STARTING_SECONDS = 30;

/** What is told of a rule of ours whose evidence somebody has deleted: its holder, if it has one, is not known. */
export function heldByNobody(server: TargetServer): HeldInjection {
  const finding = leftover('nobody holds it: its rule is there, and nothing is written down of it');
  return { id: 'unknown', server, description: 'unknown', untilSeconds: null, ...finding };
}

/** Whether an injector has written down an injection so short a time ago that its watchdog is about to begin. */
export async function isStarting(of: NamespaceServer, evidence: Evidence, nowSeconds: number): Promise<boolean> {
  return nowSeconds - evidence.appliedSeconds < STARTING_SECONDS && (await readWatchdog(of)) === null;
}

/**
 * What is or may be in force on a server; null when it is certain that nothing is. Evidence of what was undone is
 * removed.
 */
export async function readHeld(of: NamespaceServer, nowSeconds: number): Promise<HeldInjection | null> {
  const evidence = await readEvidence(of);
  if (evidence === null) return null;
  const finding =
    evidence === 'unreadable'
      ? leftover('what was written down of it cannot be read')
      : await findState(of, evidence, nowSeconds);
  if (finding === null) return null;
  const { server } = of;
  if (evidence === 'unreadable')
    return { id: 'unknown', server, description: 'unknown', untilSeconds: null, ...finding };
  return { id: evidence.id, server, description: evidence.description, untilSeconds: endOf(evidence), ...finding };
}

async function findState(of: NamespaceServer, evidence: Evidence, nowSeconds: number): Promise<Finding | null> {
  const isThere = await hasNamespace(of);
  if ((await runningWatchdog(of)) !== null) {
    // What it holds went with the namespace; the watchdog will notice.
    if (!isThere) return null;
    const overdueSeconds = nowSeconds - (endOf(evidence) ?? Infinity);
    if (overdueSeconds <= OVERDUE_SECONDS) return { state: 'active', problem: null };
    return leftover(`its time was over ${Math.round(overdueSeconds)} s ago and its watchdog still runs`);
  }
  if (!isThere || (await hasUndone(of))) {
    await removeEvidenceOf(of, evidence.id);
    return null;
  }
  const watchdog = await readWatchdog(of);
  if (watchdog === null) {
    const isFresh = await isStarting(of, evidence, nowSeconds);
    return isFresh ? { state: 'active', problem: null } : leftover('its watchdog has not begun');
  }
  const lines = await readLog(of);
  if (hasSaid(lines, 'problem')) return { state: 'failed', problem: reasonIn(lines) };
  return leftover(`its watchdog was killed (pid ${watchdog.pid})`);
}

function leftover(problem: string): Finding {
  return { state: 'leftover', problem };
}

function endOf({ appliedSeconds, durationSeconds }: Evidence): number | null {
  return durationSeconds === null ? null : appliedSeconds + durationSeconds;
}
