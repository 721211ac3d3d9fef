import { UserError } from '../../io/user-error.ts';
import type { Injection } from '../../wire/injection.ts';
import { injectionKinds } from '../describe-injection.ts';
import { hold, type HoldEnd } from '../hold.ts';
import { injectAll, newInjectionId } from '../inject.ts';
import { END_REASONS, noticeOf, serversByRack } from '../notice.ts';
import { serversText } from '../server-ids.ts';
import type { TargetServer } from '../target.ts';
import { secondsText } from './expectation-text.ts';
import type { PlannedInjection } from './plan-scenario.ts';
import { failRun, type Run, stepText } from './run.ts';
import { watchExpectations } from './watch-expectations.ts';

/** How it ended, and why that is a failure. */
interface Ending {
  readonly end: HoldEnd | 'not-undone';
  readonly problem: string | null;
}

/** Injects, looks for what is expected while the fault is on, and sees to the undo. */
export async function runInjectStep(run: Run, step: PlannedInjection): Promise<void> {
  const { target, journal, clock, stop, announcer, all } = run;
  const { servers, scope, description, durationSeconds } = step;
  journal.say(`${stepText(run, step)} inject ${description} on ${scope} for ${secondsText(durationSeconds)}`);
  const injection = { ...step.injection, id: newInjectionId() };
  run.open.set(injection.id, servers);
  const askedMs = clock.elapsedMs();
  try {
    await injectAll({ target, injection, servers, signal: stop.signal });
  } catch (error) {
    refused(run, step, { id: injection.id, error });
    return;
  }
  const began = { unixSeconds: clock.unixSeconds(), afterSeconds: journal.afterSeconds };
  const notice = noticeOf({ injection, target: target.name, servers, all, beganSeconds: began.unixSeconds });
  const untold = announcer.begin(notice);
  const expected = watchExpectations(run, step, step.expectations);
  const ending = await holdStep(run, step, { injection, askedMs });
  const endedSeconds = clock.unixSeconds();
  const isGone = ending.end !== 'not-undone';
  if (isGone) run.open.delete(injection.id);
  journal.injections.push({
    ...recordOf(step, injection.id),
    ...ending,
    began_at: began.unixSeconds,
    began_after_seconds: began.afterSeconds,
    ended_at: isGone ? endedSeconds : null,
    ended_after_seconds: isGone ? journal.afterSeconds : null,
  });
  if (ending.problem === null) journal.say(`${stepText(run, step)} undone`);
  else failRun(run, `step ${step.label}: ${ending.problem}`);
  const why = await untold;
  if (why !== null) journal.note(`the datacenter was not told: ${why}`);
  await announcer.end({ id: injection.id, ended_at: endedSeconds, reason: END_REASONS[ending.end] });
  await expected;
}

async function holdStep(
  run: Run,
  step: PlannedInjection,
  { injection, askedMs }: { injection: Injection; askedMs: number },
): Promise<Ending> {
  const { target, clock, stop } = run;
  const { servers, scope } = step;
  const onLost = (lost: readonly TargetServer[]): void => {
    // Of what is gone everywhere the end tells.
    if (lost.length === servers.length) return;
    failRun(run, `step ${step.label}: what was injected was gone before its time on ${serversText(lost)}`);
  };
  try {
    const common = { target, injection, servers, signal: stop.signal, askedMs, clock };
    const end = await hold({ ...common, onTick: () => undefined, onLost });
    if (end !== 'gone') return { end, problem: null };
    const why = 'cleared from elsewhere, or its servers went away';
    return { end, problem: `what was injected on ${scope} was gone before its time: ${why}` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { end: 'not-undone', problem: error.message };
  }
}

/** Nothing was injected. When the run was stopped meanwhile, that is no failure of its own. */
function refused(run: Run, step: PlannedInjection, { id, error }: { id: string; error: unknown }): void {
  const { journal, clock, stop } = run;
  const problem = error instanceof UserError ? error.message : null;
  if (problem === null && !stop.signal.aborted) throw error;
  journal.injections.push({
    ...recordOf(step, id),
    end: 'refused',
    problem,
    began_at: clock.unixSeconds(),
    began_after_seconds: journal.afterSeconds,
    ended_at: null,
    ended_after_seconds: null,
  });
  if (problem !== null) failRun(run, `step ${step.label}: ${problem}`);
}

function recordOf(
  { label, name, servers, scope, description, durationSeconds, injection }: PlannedInjection,
  id: string,
) {
  return {
    step: label,
    name,
    id,
    scope,
    servers: serversByRack(servers),
    kinds: injectionKinds(injection),
    description,
    direction: injection.direction,
    seed: injection.seed,
    planned_seconds: durationSeconds,
  };
}
