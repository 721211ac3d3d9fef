import { randomBytes } from 'node:crypto';
import { messageOf } from '../io/error-text.ts';
import type { Injection } from '../wire/injection.ts';
import { serverName, serversText } from './server-ids.ts';
import { ChaosError, type Outcome, type Target, type TargetServer } from './target.ts';

/** Longest that an undo may take: a helper that lets what waits leave, on a machine that is busy with many of them. */
const UNDO_DEADLINE_MS = 60_000;
/** Lines of one error; a fleet of thousands must not fill a terminal. */
const MAX_LINES = 12;

/** Another one for each injection: 12 hex digits. */
export function newInjectionId(): string {
  return randomBytes(6).toString('hex');
}

/**
 * Injects on all of these servers or on none: when one fails, what was done on the others is undone.
 * @throws ChaosError that names every server where it failed and why, and every one where the undo failed too; the
 * reason of `signal` when that is aborted, once everything is undone
 */
export async function injectAll(parts: {
  readonly target: Target;
  readonly injection: Injection;
  readonly servers: readonly TargetServer[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { target, injection, servers, signal } = parts;
  const { id } = injection;
  let outcomes: readonly Outcome[];
  try {
    outcomes = await target.apply(injection, servers, signal);
  } catch (error) {
    await undoAfter(error, { target, servers, id });
    throw error;
  }
  const problems = problemLines(outcomes);
  if (problems.length === 0) return;
  const failed = new ChaosError(`nothing was injected:\n${limited(problems)}`);
  await undoAfter(failed, { target, servers, id });
  throw failed;
}

/**
 * Undoes an injection (or, with a null id, all that is ours) on these servers and makes sure that it is gone. A user who
 * is in a hurry does not cut it short.
 * @throws ChaosError that names every server where it could not be undone, and why
 */
export async function undo(parts: {
  readonly target: Target;
  readonly servers: readonly TargetServer[];
  readonly id: string | null;
}): Promise<void> {
  const { target, servers, id } = parts;
  if (servers.length === 0) return;
  const problems = problemLines(await clearInTime(target, servers, id));
  if (problems.length === 0) return;
  throw new ChaosError(`NOT UNDONE, the network may still be broken:\n${limited(problems)}`);
}

async function clearInTime(
  target: Target,
  servers: readonly TargetServer[],
  id: string | null,
): Promise<readonly Outcome[]> {
  const signal = AbortSignal.timeout(UNDO_DEADLINE_MS);
  try {
    return await target.clear(servers, { id, signal });
  } catch (error) {
    const reason = signal.aborted ? `it took longer than ${UNDO_DEADLINE_MS / 1000} s` : messageOf(error);
    throw new ChaosError(`NOT UNDONE, the network may still be broken on ${serversText(servers)}: ${reason}`, {
      cause: error,
    });
  }
}

/** Undoes after an error. @throws ChaosError that tells of both when the undo fails too */
async function undoAfter(error: unknown, parts: Parameters<typeof undo>[0]): Promise<void> {
  try {
    await undo(parts);
  } catch (undoError) {
    throw new ChaosError(`${messageOf(error)}\n${messageOf(undoError)}`, { cause: undoError });
  }
}

/** One line for each problem, with all servers that have it. */
function problemLines(outcomes: readonly Outcome[]): readonly string[] {
  const failed = outcomes.flatMap(({ server, problem }) => (problem === null ? [] : [{ server, problem }]));
  return [...Map.groupBy(failed, ({ problem }) => problem)].map(([problem, same]) => {
    const [first, ...others] = same.map(({ server }) => server);
    if (first === undefined || others.length > 0)
      return `  ${serversText(same.map(({ server }) => server))}: ${problem}`;
    return `  ${serverName(first)} (${first.place}): ${problem}`;
  });
}

function limited(lines: readonly string[]): string {
  if (lines.length <= MAX_LINES) return lines.join('\n');
  return [...lines.slice(0, MAX_LINES - 1), `  … and ${lines.length - MAX_LINES + 1} more problems`].join('\n');
}
