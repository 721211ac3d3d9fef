import { fetchHealth } from '../../terminal/fetch-health.ts';
import type { DatacenterHealth } from '../../core/verdict.ts';
import { countText } from '../../terminal/number-text.ts';
import type { Announcer } from '../announcer.ts';
import { undo } from '../inject.ts';
import { ChaosError, type Target } from '../target.ts';
import { secondsText } from './expectation-text.ts';
import { HealthWatch } from './health-watch.ts';
import { planScenario, type ScenarioPlan } from './plan-scenario.ts';
import { refuseToStart, untilWell } from './preflight.ts';
import type { Run } from './run.ts';
import { RunGuard } from './run-guard.ts';
import { RunJournal } from './run-journal.ts';
import { runStep } from './run-step.ts';
import type { Scenario } from './scenario.ts';
import { REAL_CLOCK, type ScenarioClock } from './scenario-clock.ts';
import type { ScenarioReport } from './scenario-report.ts';
import { atSpeed } from './speed.ts';
import { leastSeconds } from './story-rules.ts';

export interface RunScenarioOptions {
  readonly scenario: Scenario;
  /** How many times as fast as it is written; 1 by default. */
  readonly speed?: number;
  /** Takes the place of the scenario's own. */
  readonly seed?: number | null;
  readonly target: Target;
  /** Of the datacenter that is asked what it sees. */
  readonly apiUrl: string;
  readonly announcer: Announcer;
  readonly sparePorts?: readonly number[];
  /** Of this release, for the report. */
  readonly version: string;
  /** Ends the run early; everything is undone then, too. */
  readonly signal: AbortSignal;
  /** Gets each line as it happens, without the newline. */
  readonly onProgress: (line: string) => void;
  readonly clock?: ScenarioClock;
  /** Asks `apiUrl` by default. @throws FetchHealthError when the datacenter cannot be asked */
  readonly fetchTree?: (signal: AbortSignal) => Promise<DatacenterHealth>;
}

const FETCH_TIMEOUT_MS = 5000;
/** A lab that has just been started needs some 20 s until its windows are full. */
const WELL_WITHIN_SECONDS = 90;
const STATUS_DEADLINE_MS = 30_000;

/**
 * Runs a scenario: injects, looks, and undoes everything in the end, whatever happened meanwhile.
 * @returns what was done and seen; it passed when all was seen in time and everything is undone for certain
 * @throws ConfigError for a speed that the scenario does not allow; ChaosError when nothing was begun: servers that are
 * not there, not well or broken already, a datacenter that does not answer; the reason of `signal` when that is aborted
 * before anything was injected
 */
export async function runScenario(options: RunScenarioOptions): Promise<ScenarioReport> {
  const { target, signal, clock = REAL_CLOCK, onProgress, announcer, speed = 1, sparePorts = [] } = options;
  const scenario = atSpeed(withSeed(options), speed);
  const all = await target.list(signal);
  const plan = planScenario(scenario, { all, sparePorts });
  await refuseToStart({ target, ...plan, signal });

  const [stop, done] = [new AbortController(), new AbortController()];
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const journal = new RunJournal({ clock, onProgress });
  const guard = new RunGuard(scenario.abortBelow);
  const watch = new HealthWatch({
    fetchTree: options.fetchTree ?? fetchFrom(options.apiUrl),
    clock,
    onLook: (look) => guard.check(run, look),
  });
  const run: Run = {
    target,
    all,
    announcer,
    watch,
    journal,
    clock,
    stop,
    stepCount: scenario.steps.length,
    open: new Map(),
  };
  const watching = watch.run(AbortSignal.any([stop.signal, done.signal])).catch((error: unknown) => stop.abort(error));
  try {
    signal.throwIfAborted();
    await awaitWell(run, plan);
    guard.arm(clock.elapsedMs() / 1000);
    return await tell(options, { run, scenario, plan, speed });
  } finally {
    signal.removeEventListener('abort', onAbort);
    done.abort();
    await watching;
  }
}

interface Telling {
  readonly run: Run;
  /** As it is run: at its speed, with its seed. */
  readonly scenario: Scenario;
  readonly plan: ScenarioPlan;
  readonly speed: number;
}

async function tell(options: RunScenarioOptions, telling: Telling): Promise<ScenarioReport> {
  const { run, scenario, plan, speed } = telling;
  const { clock, journal, stop } = run;
  const [beganSeconds, beganAfterSeconds] = [clock.unixSeconds(), journal.afterSeconds];
  const atLeast = secondsText(scenario.steps.reduce((sum, step) => sum + leastSeconds(step), 0));
  const servers = countText(plan.touched.length, 'server');
  journal.say(`scenario "${scenario.name}" on ${servers} of target ${run.target.name}, at least ${atLeast}`);
  let undone = false;
  try {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    for (const step of plan.steps) await runStep(run, step);
  } finally {
    undone = await undoAll(run);
  }
  if (options.signal.aborted) journal.fail('it was ended by the user before it was over');
  // What the datacenter or a step is to blame for is in the journal; anything else is an error of the program.
  else if (stop.signal.aborted && !(stop.signal.reason instanceof ChaosError)) throw stop.signal.reason;
  journal.say(journal.problems.length === 0 ? 'PASSED' : 'FAILED');
  return {
    scenario: scenario.name,
    description: scenario.description,
    passed: journal.problems.length === 0,
    problems: journal.problems,
    notes: journal.notes,
    target: run.target.name,
    api_url: options.apiUrl,
    seed: scenario.seed,
    speed,
    versions: { netwatch: options.version, node: process.version },
    began_at: beganSeconds,
    ended_at: clock.unixSeconds(),
    duration_seconds: journal.afterSeconds - beganAfterSeconds,
    injections: journal.injections,
    expectations: journal.expectations,
    undone,
  };
}

/** Undoes what is not known to be undone, and asks the target whether anything is left. True when nothing is. */
async function undoAll({ target, open, journal }: Run): Promise<boolean> {
  const ids = new Set([...open.keys(), ...journal.injections.map(({ id }) => id)]);
  try {
    for (const [id, servers] of open) {
      // oxlint-disable-next-line no-await-in-loop -- there is hardly ever more than one
      await undo({ target, servers, id });
    }
    const left = (await target.status(AbortSignal.timeout(STATUS_DEADLINE_MS))).filter(({ id }) => ids.has(id));
    if (left.length === 0) return true;
    const where = left.map(({ server }) => `rack ${server.rackId} server ${server.serverId}`).slice(0, 6);
    journal.fail(
      `NOT UNDONE, the network may still be broken on ${countText(left.length, 'server')}: ${where.join(', ')}`,
    );
  } catch (error) {
    journal.fail(error instanceof Error ? error.message : String(error));
  }
  return false;
}

async function awaitWell({ watch, clock, journal, stop }: Run, { touched }: ScenarioPlan): Promise<void> {
  await untilWell({
    watch,
    touched,
    deadlineSeconds: WELL_WITHIN_SECONDS,
    nowSeconds: () => clock.elapsedMs() / 1000,
    signal: stop.signal,
    onWait: (reason) => journal.say(`waiting until all is well: ${reason}`),
  });
}

function fetchFrom(apiUrl: string): (signal: AbortSignal) => Promise<DatacenterHealth> {
  return async (signal) => fetchHealth(apiUrl, { timeoutMs: FETCH_TIMEOUT_MS, signal });
}

function withSeed({ scenario, seed = null }: RunScenarioOptions): Scenario {
  return seed === null ? scenario : { ...scenario, seed };
}
