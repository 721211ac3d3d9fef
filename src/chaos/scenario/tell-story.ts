import { messageOf } from '../../io/error-text.ts';
import { UserError } from '../../io/user-error.ts';
import { countText } from '../../terminal/number-text.ts';
import { undo } from '../inject.ts';
import { serverName } from '../server-ids.ts';
import type { TargetServer } from '../target.ts';
import { secondsText } from './expectation-text.ts';
import type { ScenarioPlan } from './plan-scenario.ts';
import type { Run } from './run.ts';
import { roundMs } from './run-journal.ts';
import { runStep } from './run-step.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioReport } from './scenario-report.ts';
import { leastSeconds } from './story-rules.ts';

export interface Story {
  readonly run: Run;
  /** As it is run: at its speed, with its seed. */
  readonly scenario: Scenario;
  readonly plan: ScenarioPlan;
  readonly speed: number;
  readonly apiUrl: string;
  /** Of this release. */
  readonly version: string;
  /** Aborted when the user ends the run. */
  readonly user: AbortSignal;
}

const STATUS_DEADLINE_MS = 30_000;

/**
 * Runs the steps of a scenario, and undoes everything in the end.
 * @throws what is an error of the program, once everything is undone
 */
export async function tellStory(story: Story): Promise<ScenarioReport> {
  const { run, scenario, plan, speed, apiUrl, version, user } = story;
  const { clock, journal, stop, target } = run;
  const [beganSeconds, beganAfterSeconds] = [clock.unixSeconds(), journal.afterSeconds];
  journal.say(beginText(story));
  let undone = false;
  try {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    for (const step of plan.steps) await runStep(run, step);
  } finally {
    undone = await undoAll(run);
  }
  if (user.aborted) journal.fail('it was ended by the user before it was over');
  // What the datacenter or a step is to blame for is in the journal; anything else is an error of the program.
  else if (stop.signal.aborted && !(stop.signal.reason instanceof UserError)) throw stop.signal.reason;
  const passed = journal.problems.length === 0;
  journal.say(passed ? 'PASSED' : 'FAILED');
  return {
    scenario: scenario.name,
    description: scenario.description,
    passed,
    problems: journal.problems,
    notes: journal.notes,
    target: target.name,
    api_url: apiUrl,
    seed: scenario.seed,
    speed,
    versions: { netwatch: version, node: process.version },
    began_at: beganSeconds,
    ended_at: clock.unixSeconds(),
    duration_seconds: roundMs(journal.afterSeconds - beganAfterSeconds),
    injections: journal.injections,
    expectations: journal.expectations,
    undone,
  };
}

function beginText({ run, scenario, plan }: Story): string {
  const atLeast = secondsText(scenario.steps.reduce((sum, step) => sum + leastSeconds(step), 0));
  const servers = countText(plan.touched.length, 'server');
  return `scenario "${scenario.name}" on ${servers} of target ${run.target.name}, at least ${atLeast}`;
}

/** Undoes what is not known to be undone, and asks the target whether anything is left. True when nothing is. */
async function undoAll(run: Run): Promise<boolean> {
  const { open, journal } = run;
  await Promise.all([...open].map(async ([id, servers]) => undoAgain(run, id, servers)));
  const ids = new Set(journal.injections.map(({ id }) => id).filter((id) => !open.has(id)));
  return (await hasNothingLeft(run, ids)) && open.size === 0;
}

async function undoAgain({ target, open, journal }: Run, id: string, servers: readonly TargetServer[]): Promise<void> {
  try {
    await undo({ target, servers, id });
    open.delete(id);
  } catch (error) {
    const why = messageOf(error);
    // The step may have said so already.
    if (!journal.problems.some((problem) => problem.includes(why))) journal.fail(why);
  }
}

async function hasNothingLeft({ target, journal }: Run, ids: ReadonlySet<string>): Promise<boolean> {
  try {
    const held = await target.status(AbortSignal.timeout(STATUS_DEADLINE_MS));
    const left = held.filter(({ id }) => ids.has(id));
    if (left.length === 0) return true;
    const names = left.slice(0, 6).map(({ server }) => serverName(server));
    const where = `${countText(left.length, 'server')}: ${names.join(', ')}`;
    journal.fail(`NOT UNDONE, the network may still be broken on ${where}`);
  } catch (error) {
    journal.fail(`it is not known whether everything is undone: ${messageOf(error)}`);
  }
  return false;
}
