import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { systemSeconds } from '../../io/clock.ts';
import { pause } from '../../io/pause.ts';
import type { Injection } from '../../wire/injection.ts';
import { NAMESPACE_MARK, SERVER_DEVICE } from '../../wire/netns-claim.ts';
import { describeInjection } from '../describe-injection.ts';
import { hasSaid, HOLDER_EXIT, isCleanExit, reasonIn } from '../holder/holder-lines.ts';
import { holderScript } from '../holder/holder-script.ts';
import { errorCode } from '../../io/listen-error.ts';
import { isStarting } from './read-held.ts';
import { endWatchdog } from './end-watchdog.ts';
import {
  hasNamespace,
  layDownEvidence,
  logFile,
  type NamespaceServer,
  readEvidence,
  readLog,
  removeEvidenceOf,
  scriptFile,
} from './evidence.ts';

const BUSY = 'another injector is at work on it; try again when it is done';
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
  const there = await readEvidence(of);
  if (there !== null && there !== 'unreadable' && (await isStarting(of, there, systemSeconds()))) return BUSY;
  // Without evidence there is nothing that the holder would not find by itself.
  const earlier = there === null ? null : await endWatchdog(of, null, signal);
  if (earlier !== null) return `an earlier injection could not be undone: ${earlier}`;
  const { namespace } = of;
  const script = holderScript({ injection, server: of.server, devices: [SERVER_DEVICE], namespace });
  const { id, durationSeconds } = injection;
  const description = describeInjection(injection);
  const evidence = { version: 1, id, description, appliedSeconds: systemSeconds(), durationSeconds } as const;
  if (!(await layDownEvidence(of, evidence, script))) return BUSY;
  const started = await spawnDetached(of);
  return started === null ? BUSY : watchStart({ of, id, started, signal });
}

/** A watchdog of an injector, from its start until it is known how that went. */
interface Start {
  readonly of: NamespaceServer;
  /** Of its injection. */
  readonly id: string;
  readonly started: StartedWatchdog;
  readonly signal: AbortSignal;
}

/** How a watchdog ended, or that it could not be started. */
interface WatchdogEnd {
  readonly code: number | null;
  readonly text: string;
}

interface StartedWatchdog {
  readonly end: WatchdogEnd | null;
}

/** Null when another injector has removed the evidence. */
async function spawnDetached(of: NamespaceServer): Promise<StartedWatchdog | null> {
  const { namespace } = of;
  const log = await open(logFile(of), 'a', 0o600).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (log === null) return null;
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

async function watchStart(start: Start): Promise<string | null> {
  const { of, started, signal } = start;
  const endMs = performance.now() + READY_MS;
  for (;;) {
    const { end } = started;
    // Read after that: what it said before it ended is there.
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const lines = await readLog(of);
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    if (end !== null) return explainEnd(start, end, lines);
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    if (hasSaid(lines, 'ready')) return (await isOurs(start)) ? null : BUSY;
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    if (performance.now() > endMs) return giveUp(start);
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await pause(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

async function explainEnd(start: Start, { code, text }: WatchdogEnd, lines: readonly string[]): Promise<string | null> {
  const { of, id, signal } = start;
  // A very short injection may be over before it was seen to begin.
  const wasReady = hasSaid(lines, 'ready');
  // Told to end before it was ready: who did that takes the evidence away too. What is read may be another's by now.
  const isEnded = code === HOLDER_EXIT.undone && !wasReady;
  if (isEnded || !(await isOurs(start))) return BUSY;
  const reason = reasonIn(lines) ?? text;
  if (code !== null && isCleanExit(code)) await removeEvidenceOf(of, id);
  else if (code !== HOLDER_EXIT.notUndone) return withUndo(reason, await endWatchdog(of, id, signal));
  return wasReady && code === HOLDER_EXIT.undone ? null : reason;
}

/** Whether the evidence there is that of this injection, and not gone or of one that took its place. */
async function isOurs({ of, id }: Start): Promise<boolean> {
  const evidence = await readEvidence(of);
  return evidence !== null && evidence !== 'unreadable' && evidence.id === id;
}

async function giveUp({ of, id, signal }: Start): Promise<string> {
  return withUndo(`its watchdog was not ready within ${READY_MS / 1000} s`, await endWatchdog(of, id, signal));
}

function withUndo(reason: string, undoProblem: string | null): string {
  return undoProblem === null ? reason : `${reason}; and it could not be undone: ${undoProblem}`;
}
