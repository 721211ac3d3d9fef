import type { V1Pod } from '@kubernetes/client-node';
import { compareServers, isSameServer, serverName } from '../server-ids.ts';
import { ChaosError, type TargetServer } from '../target.ts';
import type { KubernetesApi } from './kubernetes-api.ts';
import { holdersOf } from './held-state.ts';
import { isRunning, podPlace, podServer } from './pod-identity.ts';

export interface ServerPod {
  readonly server: TargetServer;
  readonly pod: V1Pod;
}

/** Labels named in an error. */
const MAX_LABELS = 20;

/**
 * The selected pods, of whatever state.
 * @throws ChaosError when none is selected, with the labels that pods there have; KubernetesApiError
 */
export async function selectedPods(
  api: KubernetesApi,
  selector: string,
  signal: AbortSignal,
): Promise<readonly V1Pod[]> {
  const pods = await api.listPods(selector, signal);
  if (pods.length > 0) return pods;
  throw new ChaosError(nothingText(api.namespace, selector, await api.listPods(null, signal)));
}

/**
 * The servers that run in these pods, by rack and server id.
 * @throws ChaosError when a pod does not say which server it is, or two say the same
 */
export function serverPods(pods: readonly V1Pod[]): readonly ServerPod[] {
  const found = new Map<string, ServerPod>();
  for (const pod of pods.filter(isRunning)) {
    const server = podServer(pod);
    const key = serverName(server);
    const other = found.get(key);
    if (other !== undefined) {
      throw new ChaosError(
        `${other.server.place} and ${podPlace(pod)} both say that they are server ${server.serverId} of rack ${server.rackId}; give one of them another label, or select fewer with --selector`,
      );
    }
    found.set(key, { server, pod });
  }
  return [...found.values()].toSorted((a, b) => compareServers(a.server, b.server));
}

/** Every pod that is this server or has held an injection for it, those that are about to go too. */
export function podsOfServer(pods: readonly V1Pod[], server: TargetServer, nowSeconds: number): readonly V1Pod[] {
  return pods.filter((pod) => {
    const facts = holdersOf(pod, nowSeconds).map((holder) => holder.facts);
    return facts.some((held) => held !== null && isSameServer(held, server)) || isServer(pod, server);
  });
}

function isServer(pod: V1Pod, server: TargetServer): boolean {
  try {
    return isSameServer(podServer(pod), server);
  } catch {
    // It does not say which one it is.
    return false;
  }
}

function nothingText(namespace: string, selector: string, others: readonly V1Pod[]): string {
  if (others.length === 0) {
    return `namespace ${namespace} has no pods at all, or does not exist (kubectl get namespaces lists those that do); name another with --namespace`;
  }
  const labels = new Set(
    others.flatMap(({ metadata }) => Object.entries(metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`)),
  );
  const named = [...labels].toSorted();
  const more = named.length > MAX_LABELS ? `, and ${named.length - MAX_LABELS} more` : '';
  const there = named.length === 0 ? 'no labels' : `these labels: ${named.slice(0, MAX_LABELS).join(', ')}${more}`;
  return `no pod of namespace ${namespace} has the labels ${selector}; the ${others.length} pods there have ${there}. Select servers with --selector.`;
}
