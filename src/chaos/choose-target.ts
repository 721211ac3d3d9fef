import type { ChaosTargetConfig, TargetName } from '../config/chaos-target.ts';
import { messageOf } from '../io/error-text.ts';
import { findLabFiles } from '../io/lab-files.ts';
import { readTokenFile } from '../io/token-file.ts';
import type { LabFile } from '../wire/lab-file.ts';
import type { DockerConnection } from './docker/connection.ts';
import { ChaosError, type Target } from './target.ts';

/** A target, and the datacenter that hears of what is done to it. */
export interface Reach {
  readonly target: Target;
  readonly apiUrl: string;
  /** Null: the datacenter is not told. */
  readonly token: string | null;
}

export interface ReachOptions {
  readonly config: ChaosTargetConfig;
  /** Where labs of this user say that they run. */
  readonly labDirectory: string;
  readonly docker: DockerConnection;
  /** KUBECONFIG. */
  readonly kubeconfig: string | undefined;
  readonly signal: AbortSignal;
  /** Told of servers that are left out, and why. */
  readonly onProblem: (text: string) => void;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';
/** For a daemon or cluster that may not be there, when nobody said that it is. */
const PROBE_MS = 5000;

/**
 * Finds what is to be broken: the target that was named, or whichever runs.
 * @throws ChaosError when none runs, or several do, with what was found and how to say which
 */
export async function chooseTarget(options: ReachOptions): Promise<Reach> {
  const { target: name } = options.config;
  if (name === 'docker' || name === 'kubernetes') return reachElsewhere(name, options);
  const labs = await labsMeant(options);
  const [lab, ...others] = labs;
  if (lab !== undefined && others.length === 0) return reachLab(lab, options);
  if (lab !== undefined) {
    throw new ChaosError(`${labs.length} labs run: say which with ${labs.map(urlFlag).join(' or ')}`);
  }
  if (name !== null) throw new ChaosError(noLab(name, options.config.url));
  return reachWhatRuns(options);
}

/** Labs that run and are not ruled out by --target or --url. */
async function labsMeant({ config, labDirectory }: ReachOptions): Promise<readonly LabFile[]> {
  const wanted = config.url === null ? null : new URL(config.url).origin;
  return (await findLabFiles(labDirectory)).filter(
    (lab) =>
      (wanted === null || new URL(lab.api_url).origin === wanted) &&
      (config.target === null || targetOf(lab) === config.target),
  );
}

async function reachLab(lab: LabFile, { config, labDirectory }: ReachOptions): Promise<Reach> {
  const token = config.controlTokenFile === null ? lab.token : await readTokenFile(config.controlTokenFile);
  return { target: await openLab(lab, labDirectory), apiUrl: lab.api_url, token };
}

async function openLab(lab: LabFile, labDirectory: string): Promise<Target> {
  if (targetOf(lab) === 'lab') return (await import('./targets/lab.ts')).createLabTarget({ labFile: lab });
  const { createNetnsTarget } = await import('./targets/netns.ts');
  return createNetnsTarget({ labFile: lab, directory: labDirectory });
}

async function reachElsewhere(name: 'docker' | 'kubernetes', options: ReachOptions): Promise<Reach> {
  const { url, controlTokenFile } = options.config;
  const token = controlTokenFile === null ? null : await readTokenFile(controlTokenFile);
  return { target: await openElsewhere(name, options), apiUrl: url ?? DEFAULT_URL, token };
}

async function openElsewhere(name: 'docker' | 'kubernetes', options: ReachOptions): Promise<Target> {
  const { helperImage, composeProject, namespace, selector, kubeContext } = options.config;
  const { docker, onProblem } = options;
  if (name === 'docker') {
    const { createDockerTarget } = await import('./targets/docker.ts');
    return createDockerTarget({ ...docker, helperImage, composeProject, onProblem });
  }
  const { createKubernetesTarget } = await import('./targets/kubernetes.ts');
  return createKubernetesTarget({ kubeconfig: options.kubeconfig, kubeContext, namespace, selector, helperImage });
}

/** Asks docker and kubernetes, since no lab runs. */
async function reachWhatRuns(options: ReachOptions): Promise<Reach> {
  const names = ['docker', 'kubernetes'] as const;
  const asked = await Promise.all(names.map(async (name) => ({ name, found: await probe(name, options) })));
  const running = asked.filter(({ found }) => typeof found === 'number' && found > 0);
  const [only, ...others] = running;
  if (only !== undefined && others.length === 0) return reachElsewhere(only.name, options);
  if (only !== undefined) {
    const counts = running.map(({ name, found }) => `--target ${name} (${String(found)} servers)`);
    throw new ChaosError(`servers run in several places: say which with ${counts.join(' or ')}`);
  }
  const why = asked.map(({ name, found }) => `  ${name}: ${typeof found === 'string' ? found : 'no servers there'}`);
  throw new ChaosError(
    `there is nothing to break:\n  lab: no lab of this user runs here (start one with npm start)\n${why.join('\n')}`,
  );
}

/** How many servers there are, or why that cannot be said. */
async function probe(name: 'docker' | 'kubernetes', options: ReachOptions): Promise<number | string> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(PROBE_MS)]);
  try {
    const target = await openElsewhere(name, options);
    try {
      return (await target.list(signal)).length;
    } finally {
      await target.close();
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (signal.aborted) return `no answer within ${PROBE_MS / 1000} s`;
    return messageOf(error);
  }
}

function targetOf({ isolation }: LabFile): TargetName {
  return isolation === 'netns' ? 'netns' : 'lab';
}

function urlFlag({ api_url: url }: LabFile): string {
  return `--url ${url}`;
}

function noLab(name: 'lab' | 'netns', url: string | null): string {
  const where = url === null ? '' : ` with its API at ${url}`;
  const start = name === 'lab' ? 'npm start' : 'netwatch lab --isolation netns';
  return `no such lab of this user runs here${where}: start one with ${start}`;
}
