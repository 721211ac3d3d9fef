import type { Writable } from 'node:stream';
import { agentSpec } from '../config/agent.ts';
import { datacenterSpec } from '../config/datacenter.ts';
import type { LabConfig } from '../config/lab.ts';
import { optionsOf } from '../config/options.ts';
import { rackSpec } from '../config/rack.ts';
import { systemSeconds } from '../io/clock.ts';
import { requireWritableDirectory } from '../io/writable-directory.ts';
import { createLifecycle, type CloseFailure, type Lifecycle } from '../io/lifecycle.ts';
import { countText } from '../terminal/number-text.ts';
import type { TerminalStream } from '../terminal/terminal-stream.ts';
import type { Environment } from './child-process.ts';
import { startChildren, type Children, type ChildState } from './children.ts';
import { openLabControl, type LabControl } from './lab-control.ts';
import { labelColumn, labFacts, silenceHint } from './lab-facts.ts';
import { openLabNetwork, type LabNetwork } from './lab-network.ts';
import { openDashboard, openInBrowser, type PageOpener } from './open-dashboard.ts';
import { allProcesses, planLab, type LabPlan } from './lab-plan.ts';
import type { PlannedProcess } from './planned-process.ts';
import type { KnownHealth, LabView } from './lab-view.ts';
import { startLiveView } from './live-view.ts';
import { createPlainView } from './plain-view.ts';
import { untilReady } from './readiness.ts';
import { shownLevel } from './role-log.ts';
import { finalTree, watchHealth } from './watch-health.ts';

export interface LabOptions {
  readonly config: LabConfig;
  /** The file of the CLI, which the roles are started with. */
  readonly cliFile: string;
  readonly stdout: TerminalStream;
  readonly stderr: Pick<Writable, 'write'>;
  /** Ends the lab. */
  readonly signal: AbortSignal;
  /** Show the live table on `stdout`. */
  readonly isTty: boolean;
  readonly color: boolean;
  /** Where it writes how it is controlled, for its own user to read. */
  readonly controlDirectory: string;
  /** How its user would call `netwatch chaos`. */
  readonly chaosCommand: string;
  /** What the roles get, without what would configure them. Absent: all of this process's environment. */
  readonly env?: Environment;
  /** Opens the dashboard where the configuration says so; by default with the browser of its user. */
  readonly opener?: PageOpener;
}

/**
 * A machine that starts everything at once takes its time: one slow core some five seconds a process. What ends
 * meanwhile is told at once.
 */
const START_DEADLINE_MS = 30_000;
const START_DEADLINE_MS_PER_PROCESS = 5000;
const CLOSE_DEADLINE_MS = 3000;

/** What a debugger was told is for one process only: a second one would find the port taken. */
const DEBUGGER_FLAG = /^--inspect/;

/**
 * Starts the whole cluster as child processes on this machine and shows it, until the signal aborts or the configured
 * duration is over. Then every process is ended.
 * @returns the exit code: 0, or 1 when something could not be ended as it should, with the reason on stderr
 * @throws ConfigError for ports that do not exist, PortsError for ports that are taken, IsolationError when there can be
 * no network namespaces, Error when a role does not start, the final tree that was asked for is not to be had or the
 * control directory is not this user's alone; nothing is left running then either.
 */
export async function runLab(options: LabOptions): Promise<number> {
  const { config, stdout, stderr, signal } = options;
  const lifecycle = createLifecycle({ deadlineMs: CLOSE_DEADLINE_MS });
  const problems: CloseFailure[] = [];
  try {
    if (config.incidentDir !== null) await requireWritableDirectory('--incident-dir', config.incidentDir);
    const control = await openLabControl({ directory: options.controlDirectory, lifecycle });
    const network = await openLabNetwork({ config, lifecycle, writeLine: (line) => writeLine(options, line) });
    const plan = planLab(config, control.files, network.places);
    await network.prepare(plan);
    const known = await run({ options, plan, control, network, lifecycle });
    if (config.json) stdout.write(`${JSON.stringify(await finalTree(plan.apiUrl, known), null, 2)}\n`);
  } catch (error) {
    // Whoever ends the lab while it is being started has lost nothing, unless a tree was asked for.
    if (!signal.aborted || error !== signal.reason) throw error;
    if (config.json) throw new Error('the lab was ended before it had started: there is no tree', { cause: error });
  } finally {
    problems.push(...(await lifecycle.close()));
    for (const { error } of problems) stderr.write(`${error.message}\n`);
  }
  if (problems.length > 0) return 1;
  writeLine(options, 'the lab has ended, and with it every process it started');
  return 0;
}

/** Where a tree is to be the only output, everything else goes to stderr. */
function writeLine({ config, stdout, stderr }: LabOptions, line: string): void {
  (config.json ? stderr : stdout).write(`${line}\n`);
}

/** Starts everything and shows it until the end. */
async function run(parts: {
  options: LabOptions;
  plan: LabPlan;
  control: LabControl;
  network: LabNetwork;
  lifecycle: Lifecycle;
}): Promise<KnownHealth> {
  const { options, plan, control, network, lifecycle } = parts;
  const { config, signal } = options;
  const { restartAfterSeconds } = config;
  const write = (line: string): void => writeLine(options, line);
  let view: LabView = createPlainView({ writeLine: write, nowSeconds: systemSeconds });
  const children = startChildren({
    command: process.execPath,
    env: roleEnvironment(options.env),
    restartAfterSeconds,
    leastLevel: shownLevel(config.logLevel),
    signal,
    onLine: (line) => view.log(line),
  });
  lifecycle.defer('the processes of the lab', () => children.close());
  await startProcesses({ options, plan, children, write });
  await control.publish(plan, network.description);
  for (const line of introduction(options, plan, children)) write(line);
  if (options.isTty && !config.json) {
    const agents = () => agentStates(plan, children);
    const live = startLiveView({ ...options, plan, agents, restartAfterSeconds, nowSeconds: systemSeconds });
    lifecycle.defer('the table', () => live.close());
    view = live;
  }
  if (config.open) {
    const { opener = openInBrowser } = options;
    const tell = (line: string): void => view.log(line);
    await openDashboard({ ...plan, writePage: () => control.writePage(plan), opener, writeLine: tell });
  }
  children.supervise();
  const durationSeconds = config.durationSeconds ?? Infinity;
  const onHealth = (health: KnownHealth): void => view.update(health);
  return watchHealth({ url: plan.apiUrl, durationSeconds, signal, onHealth });
}

/** Starts each kind of role when the one it talks to is ready. */
async function startProcesses(parts: {
  options: LabOptions;
  plan: LabPlan;
  children: Children;
  write: (line: string) => void;
}): Promise<void> {
  const { options, plan, children, write } = parts;
  const signal = AbortSignal.any([options.signal, children.failed]);
  const deadlineMs = START_DEADLINE_MS + START_DEADLINE_MS_PER_PROCESS * allProcesses(plan).length;
  const nodeArgs = process.execArgv.filter((flag) => !DEBUGGER_FLAG.test(flag));
  const startAll = async (what: string, processes: readonly PlannedProcess[]): Promise<void> => {
    signal.throwIfAborted();
    write(`starting ${what} …`);
    for (const { name, commandPrefix, args } of processes) {
      children.add({ name, commandPrefix, args: [...nodeArgs, options.cliFile, ...args] });
    }
    await Promise.all(processes.map(({ name, readyUrl: url }) => untilReady({ name, url, deadlineMs, signal })));
  };
  const { racks, serversPerRack } = options.config;
  await startAll('the datacenter', [plan.datacenter]);
  await startAll(countText(racks, 'rack'), plan.racks);
  const [each] = plan.agents;
  const sungFor = countText(each?.serverIds.length ?? serversPerRack, 'server');
  await startAll(`${countText(plan.agents.length, 'agent')} of ${sungFor}`, plan.agents);
}

/** What the roles are told is what the lab was told: nothing else in the environment may configure one of them. */
function roleEnvironment(env: Environment | undefined): Environment | undefined {
  if (env === undefined) return undefined;
  const configuring = new Set([datacenterSpec, rackSpec, agentSpec].flatMap(optionsOf).map((option) => option.env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !configuring.has(name)));
}

function introduction({ config, chaosCommand }: LabOptions, plan: LabPlan, children: Children): readonly string[] {
  const silence = silenceHint(plan, children.states(), config.restartAfterSeconds);
  return [
    ...labFacts({ plan, processes: children.states(), chaosCommand }).map((fact) => labelColumn(fact) + fact.text),
    ...(silence === null ? [] : [silence]),
  ];
}

/** In the order of the plan. */
function agentStates({ agents }: LabPlan, children: Children): readonly ChildState[] {
  const names = new Set(agents.map(({ name }) => name));
  return children.states().filter(({ name }) => names.has(name));
}
