import type { ChaosTargetConfig } from '../config/chaos-target.ts';
import { messageOf } from '../io/error-text.ts';
import { readTokenFile } from '../io/token-file.ts';
import type { LabFile } from '../wire/lab-file.ts';
import type { DockerConnection } from './docker/connection.ts';
import { findLabs, noLabLines, noSuchLabText, targetOf, type LabsFound, unusableText, urlFlags } from './find-labs.ts';
import { ChaosError, type Target } from './target.ts';

/** A target, and the datacenter that hears of what is done to it. */
export interface Reach {
  readonly target: Target;
  readonly apiUrl: string;
  /** Null: the datacenter is not told. */
  readonly token: string | null;
  /** Why it is not told though it was looked for, and what to do. */
  readonly untoldReason: string | null;
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
  const { target: name, url } = options.config;
  if (name === 'docker' || name === 'kubernetes') return reachElsewhere(name, options);
  const labs = await findLabs(options.config, options.labDirectory);
  const [lab, ...others] = labs.meant;
  if (lab !== undefined && others.length > 0) {
    throw new ChaosError(`${labs.meant.length} labs run: say which with ${urlFlags(labs.meant)}`);
  }
  if (lab === undefined && name !== null) throw new ChaosError(noSuchLabText(name, url, labs));
  const reach = lab === undefined ? await reachWhatRuns(labs, options) : await reachLab(lab, options);
  // Who named a URL does not mean another lab; anybody else may have meant the one that says nothing.
  if (url === null) for (const one of labs.unusable) options.onProblem(unusableText(one));
  return reach;
}

async function reachLab(lab: LabFile, { config, labDirectory }: ReachOptions): Promise<Reach> {
  const token = config.controlTokenFile === null ? lab.token : await readTokenFile(config.controlTokenFile);
  return { target: await openLab(lab, labDirectory), apiUrl: lab.api_url, token, untoldReason: null };
}

async function openLab(lab: LabFile, labDirectory: string): Promise<Target> {
  if (targetOf(lab) === 'lab') return (await import('./targets/lab.ts')).createLabTarget({ labFile: lab });
  const { createNetnsTarget } = await import('./targets/netns.ts');
  return createNetnsTarget({ labFile: lab, directory: labDirectory });
}

async function reachElsewhere(name: 'docker' | 'kubernetes', options: ReachOptions): Promise<Reach> {
  const { url, controlTokenFile } = options.config;
  const known = { apiUrl: url ?? DEFAULT_URL, token: null, untoldReason: null };
  if (controlTokenFile !== null) {
    const token = await readTokenFile(controlTokenFile);
    return { ...known, target: await openElsewhere(name, options), token };
  }
  // Opened last: nobody would close it if the search were aborted.
  const found = name === 'docker' ? await findInDocker(options) : known;
  return { ...found, target: await openElsewhere(name, options) };
}

/** Whoever may talk to Docker may read what is in a container, so the token need not be given. */
async function findInDocker({ config, docker, signal }: ReachOptions): Promise<Omit<Reach, 'target'>> {
  const { findDatacenter } = await import('./docker/find-datacenter.ts');
  const { url, composeProject } = config;
  const { apiUrl, token, problem } = await findDatacenter({ connection: docker, project: composeProject, url, signal });
  return { apiUrl: apiUrl ?? url ?? DEFAULT_URL, token, untoldReason: problem };
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
async function reachWhatRuns(labs: LabsFound, options: ReachOptions): Promise<Reach> {
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
  const lines = noLabLines(options.config.url, labs).map((line) => `  lab: ${line}`);
  throw new ChaosError(['there is nothing to break:', ...lines, ...why].join('\n'));
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
