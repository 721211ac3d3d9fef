import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { systemSeconds } from '../../io/clock.ts';
import { pause } from '../../io/pause.ts';
import type { Injection } from '../../wire/injection.ts';
import { NAMESPACE_MARK, SERVER_DEVICE } from '../../wire/netns-claim.ts';
import { describeInjection } from '../describe-injection.ts';
import { hasSaid, isCleanExit, reasonIn } from '../holder/holder-lines.ts';
import { holderScript } from '../holder/holder-script.ts';
import { endWatchdog } from './end-watchdog.ts';
import {
  hasNamespace,
  layDownEvidence,
  logFile,
  type NamespaceServer,
  readEvidence,
  readLog,
  removeEvidence,
  scriptFile,
} from './evidence.ts';

const POLL_MS = 50;
/** For the undo of what was there before, and a few calls of tc, on a machine that is busy with many of them. */
const READY_MS = 30_000;

/**
 * Starts a watchdog in the namespace of a server, which puts the injection in force and undoes it by itself. It has no
 * tie to this process: a session of its own, no terminal, its output in a file.
 * @returns null once it is in force, or why it is not, in words for the user
 * @throws the reason of `signal` when that is aborted; what was begun is there then, with its evidence
 */
export async function startWatchdog(
  of: NamespaceServer,
  injection: Injection,
  signal: AbortSignal,
): Promise<string | null> {
  if (!(await hasNamespace(of))) return `there is no network namespace ${of.namespace} any more: has the lab ended?`;
  // Without evidence there is nothing that the holder would not find by itself.
  const earlier = (await readEvidence(of)) === null ? null : await endWatchdog(of, null, signal);
  if (earlier !== null) return `an earlier injection could not be undone: ${earlier}`;
  const script = holderScript({ injection, server: of.server, devices: [SERVER_DEVICE] });
  const { id, durationSeconds } = injection;
  const description = describeInjection(injection);
  const evidence = { version: 1, id, description, appliedSeconds: systemSeconds(), durationSeconds } as const;
  if (!(await layDownEvidence(of, evidence, script))) {
    return 'another injector is at work there right now; try again when it is done';
  }
  return watchStart(of, await spawnDetached(of), signal);
}

/** How a watchdog ended, or that it could not be started. */
interface WatchdogEnd {
  readonly code: number | null;
  readonly text: string;
}

interface StartedWatchdog {
  readonly end: WatchdogEnd | null;
}

async function spawnDetached(of: NamespaceServer): Promise<StartedWatchdog> {
  const { namespace } = of;
  const log = await open(logFile(of), 'a', 0o600);
  try {
    // Each of these gives way to the next, so that it is one process.
    const args = ['netns', 'exec', namespace, 'env', `${NAMESPACE_MARK}=${namespace}`, 'sh', scriptFile(of)];
    const child = spawn('ip', args, { detached: true, cwd: '/', stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    return watch(child);
  } finally {
    await log.close();
  }
}

function watch(child: ChildProcess): StartedWatchdog {
  const started: { end: WatchdogEnd | null } = { end: null };
  child.once('error', (error) => {
    started.end = { code: null, text: `it could not be started: ${error.message}` };
  });
  child.once('exit', (code, killer) => {
    started.end = { code, text: killer === null ? `it ended with exit ${code}` : `it was killed by ${killer}` };
  });
  return started;
}

async function watchStart(of: NamespaceServer, started: StartedWatchdog, signal: AbortSignal): Promise<string | null> {
  const endMs = performance.now() + READY_MS;
  for (;;) {
    const { end } = started;
    // Read after that: what it said before it ended is there.
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const lines = await readLog(of);
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    if (end !== null) return explainEnd(of, end, lines, signal);
    if (hasSaid(lines, 'ready')) return null;
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    if (performance.now() > endMs) return giveUp(of, signal);
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await pause(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

async function explainEnd(
  of: NamespaceServer,
  { code, text }: WatchdogEnd,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  // A very short injection may be over before it was seen to begin.
  const wasReady = hasSaid(lines, 'ready');
  const reason = reasonIn(lines) ?? text;
  if (code !== null && isCleanExit(code)) await removeEvidence(of);
  else if (code === null) return withUndo(reason, await endWatchdog(of, null, signal));
  return wasReady && code === 0 ? null : reason;
}

async function giveUp(of: NamespaceServer, signal: AbortSignal): Promise<string> {
  return withUndo(`its watchdog was not ready within ${READY_MS / 1000} s`, await endWatchdog(of, null, signal));
}

function withUndo(reason: string, undoProblem: string | null): string {
  return undoProblem === null ? reason : `${reason}; and it could not be undone: ${undoProblem}`;
}
