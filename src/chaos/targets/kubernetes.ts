import { homedir } from 'node:os';
import type { Injection } from '../../wire/injection.ts';
import { loadKubeconfig, loginOf } from '../../kubernetes/load-kubeconfig.ts';
import { applyToPod } from '../kubernetes/apply-to-pod.ts';
import { clearPod } from '../kubernetes/clear-pod.ts';
import { onEachPod } from '../kubernetes/each-pod.ts';
import { podsOfServer, selectedPods, serverPods } from '../kubernetes/find-pods.ts';
import { heldIn } from '../kubernetes/held-state.ts';
import { KubernetesApi } from '../kubernetes/kubernetes-api.ts';
import { planPod } from '../kubernetes/plan-pod.ts';
import type { PodWork } from '../kubernetes/pod-access.ts';
import { hasEnded } from '../kubernetes/pod-identity.ts';
import { serverName } from '../server-ids.ts';
import { ChaosError, type HeldInjection, type Outcome, type Target, type TargetServer } from '../target.ts';

export interface KubernetesTargetOptions {
  /** The value of KUBECONFIG. */
  readonly kubeconfig: string | undefined;
  /** Null: the current context. */
  readonly kubeContext: string | null;
  readonly namespace: string;
  /** Of labels: which pods are servers. */
  readonly selector: string;
  /** Has sh, ip and tc. */
  readonly helperImage: string;
  /** Where ~/.kube/config is. */
  readonly homeDirectory?: string;
  /** How patient it is. */
  readonly times?: Partial<KubernetesTimes>;
}

export interface KubernetesTimes {
  readonly pollIntervalMs: number;
  /** For a helper container to be ready, its image pulled and all. */
  readonly startTimeoutMs: number;
  /** For an undo. */
  readonly undoTimeoutMs: number;
}

// An undo may have to wait for a container that may yet start, so it is the longer.
const TIMES: KubernetesTimes = { pollIntervalMs: 500, startTimeoutMs: 30_000, undoTimeoutMs: 50_000 };

/**
 * Breaks the network of pods, through the API of their cluster. An injection is an ephemeral container that joins the
 * pod's network with NET_ADMIN, applies, holds, and undoes by itself. It is undone early by a signal from an exec.
 * What Kubernetes knows of the container is all the state there is.
 *
 * Nothing is asked of the cluster, and no client library loaded, before the first call.
 */
export function createKubernetesTarget(options: KubernetesTargetOptions): Target {
  return new KubernetesTarget(options);
}

class KubernetesTarget implements Target {
  readonly name = 'kubernetes';
  readonly #options: KubernetesTargetOptions;
  /** Names of the pods that were listed last, by server. */
  #podNames = new Map<string, string>();
  #opening: Promise<KubernetesApi> | null = null;

  constructor(options: KubernetesTargetOptions) {
    this.#options = options;
  }

  async list(signal: AbortSignal): Promise<readonly TargetServer[]> {
    const found = serverPods(await selectedPods(await this.#api(), this.#options.selector, signal));
    this.#podNames = new Map(found.map(({ server, pod }) => [serverName(server), pod.metadata?.name ?? '']));
    return found.map(({ server }) => server);
  }

  plan(injection: Injection, servers: readonly TargetServer[]): ReturnType<Target['plan']> {
    const { namespace, helperImage } = this.#options;
    return servers.map((server) => {
      const pod = this.#podNames.get(serverName(server));
      if (pod === undefined) throw new ChaosError(`${server.place} is not one of the pods that were listed`);
      return planPod({ namespace, pod, server, injection, helperImage });
    });
  }

  async apply(
    injection: Injection,
    servers: readonly TargetServer[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const work = await this.#work(signal);
    const found = serverPods(await work.api.listPods(this.#options.selector, signal));
    const pods = new Map(found.map(({ server, pod }) => [serverName(server), pod]));
    return onEachPod(servers, signal, async (server) => {
      const pod = pods.get(serverName(server));
      return pod === undefined ? `${server.place} does not run any more` : applyToPod(work, { pod, server, injection });
    });
  }

  async clear(
    servers: readonly TargetServer[],
    { id, signal }: { id: string | null; signal: AbortSignal },
  ): Promise<readonly Outcome[]> {
    const work = await this.#work(signal);
    const pods = (await work.api.listPods(this.#options.selector, signal)).filter((pod) => !hasEnded(pod));
    return onEachPod(servers, signal, async (server) => {
      let problem: string | null = null;
      for (const pod of podsOfServer(pods, server, work.api.nowSeconds())) {
        // oxlint-disable-next-line no-await-in-loop -- one pod as a rule; two while one takes the place of the other
        const left = await clearPod(work, pod, id);
        problem ??= left;
      }
      return problem;
    });
  }

  async status(signal: AbortSignal): Promise<readonly HeldInjection[]> {
    const api = await this.#api();
    const pods = await selectedPods(api, this.#options.selector, signal);
    return pods.flatMap((pod) => heldIn(pod, api.nowSeconds()));
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    // One that could not be opened has said so to whoever asked.
    const api = await opening?.catch(() => null);
    await api?.close();
  }

  async #work(signal: AbortSignal): Promise<PodWork> {
    const { helperImage, times } = this.#options;
    return { api: await this.#api(), helperImage, ...TIMES, ...times, signal };
  }

  #api(): Promise<KubernetesApi> {
    this.#opening ??= openApi(this.#options);
    return this.#opening;
  }
}

async function openApi(options: KubernetesTargetOptions): Promise<KubernetesApi> {
  const { kubeconfig, kubeContext: context, namespace, homeDirectory = homedir() } = options;
  const client = await import('@kubernetes/client-node');
  const source = { kubeconfig, context, homeDirectory };
  const config = loadKubeconfig(client, source);
  return new KubernetesApi({ client, config, login: loginOf(source), namespace });
}
