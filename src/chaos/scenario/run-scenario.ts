import { fetchHealth } from '../../terminal/fetch-health.ts';
import type { DatacenterHealth } from '../../core/verdict.ts';
import type { Announcer } from '../announcer.ts';
import type { Target } from '../target.ts';
import { HealthWatch } from './health-watch.ts';
import { planScenario, type ScenarioPlan } from './plan-scenario.ts';
import { refuseBroken, refuseImpossible, untilWell } from './preflight.ts';
import type { Run } from './run.ts';
import { RunGuard } from './run-guard.ts';
import { RunJournal } from './run-journal.ts';
import type { Scenario } from './scenario.ts';
import { REAL_CLOCK, type ChaosClock } from '../chaos-clock.ts';
import type { ScenarioReport } from './scenario-report.ts';
import { atSpeed } from './speed.ts';
import { tellStory } from './tell-story.ts';

export interface RunScenarioOptions {
  readonly scenario: Scenario;
  /** How many times as fast as it is written; 1 by default. */
  readonly speed?: number;
  /** Takes the place of the scenario's own. */
  readonly seed?: number | null;
  readonly target: Target;
  /** Of the datacenter that is asked what it sees. */
  readonly apiUrl: string;
  /** What it wants to be shown, if it was started with a token; that of control will do. */
  readonly token?: string | null;
  readonly announcer: Announcer;
  readonly sparePorts?: readonly number[];
  /** Of this release, for the report. */
  readonly version: string;
  /** Ends the run early; everything is undone then, too. */
  readonly signal: AbortSignal;
  /** Gets each line as it happens, without the newline. */
  readonly onProgress: (line: string) => void;
  readonly clock?: ChaosClock;
  /** Asks `apiUrl` by default. @throws FetchHealthError when the datacenter cannot be asked */
  readonly fetchTree?: (signal: AbortSignal) => Promise<DatacenterHealth>;
}

const FETCH_TIMEOUT_MS = 5000;
/** A lab that has just been started needs some 20 s until its windows are full. */
const WELL_WITHIN_SECONDS = 90;

/**
 * Runs a scenario: injects, looks, and undoes everything in the end, whatever happened meanwhile.
 * @returns what was done and seen; it passed when all was seen in time and everything is undone for certain
 * @throws ConfigError for a speed that the scenario does not allow; ChaosError when nothing was begun: servers that are
 * not there, not well or broken already, a datacenter that does not answer; the reason of `signal` when that is aborted
 * before anything was injected
 */
export async function runScenario(options: RunScenarioOptions): Promise<ScenarioReport> {
  const { target, apiUrl, token = null, announcer, version, signal, onProgress } = options;
  const { speed = 1, sparePorts = [], clock = REAL_CLOCK, fetchTree = fetchFrom(apiUrl, token) } = options;
  const scenario = atSpeed(withSeed(options), speed);
  const all = await target.list(signal);
  const plan = planScenario(scenario, { all, sparePorts });
  refuseImpossible(target, plan.steps);
  await refuseBroken({ target, touched: plan.touched, signal });

  const [stop, done] = [new AbortController(), new AbortController()];
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const journal = new RunJournal({ clock, onProgress });
  const guard = new RunGuard(scenario.abortBelow);
  const watch = new HealthWatch({
    fetchTree,
    clock,
    onLook: (look) => guard.check(run, look),
    onError: (error) => stop.abort(error),
  });
  const stepCount = scenario.steps.length;
  const run: Run = { target, all, announcer, watch, journal, clock, stop, stepCount, open: new Map() };
  const watching = watch.run(AbortSignal.any([stop.signal, done.signal]));
  try {
    signal.throwIfAborted();
    await awaitWell(run, plan);
    // Others had time to break them meanwhile.
    await refuseBroken({ target, touched: plan.touched, signal: stop.signal });
    guard.arm(clock.elapsedMs() / 1000);
    return await tellStory({ run, scenario, plan, speed, apiUrl, version, user: signal });
  } finally {
    signal.removeEventListener('abort', onAbort);
    done.abort();
    await watching;
  }
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

function fetchFrom(apiUrl: string, token: string | null): (signal: AbortSignal) => Promise<DatacenterHealth> {
  return async (signal) => fetchHealth(apiUrl, { timeoutMs: FETCH_TIMEOUT_MS, signal, token });
}

function withSeed({ scenario, seed = null }: RunScenarioOptions): Scenario {
  return seed === null ? scenario : { ...scenario, seed };
}
