import type { V1Pod } from '@kubernetes/client-node';
import { describeInjection } from '../describe-injection.ts';
import { holderScript } from '../holder/holder-script.ts';
import type { Injection } from '../../wire/injection.ts';
import type { TargetServer } from '../target.ts';
import { holderContainer, holderName, isHolder, isSweep } from './chaos-container.ts';
import { clearPod } from './clear-pod.ts';
import { addContainer, type PodWork } from './pod-access.ts';
import { podPlace } from './pod-identity.ts';
import { waitUntilHeld } from './wait-for-start.ts';

/** Kubernetes keeps each for the life of the pod. */
const MAX_CONTAINERS = 100;
/** Of all ours in one pod: the whole description of a pod must stay below 1.5 MB. */
const MAX_CONTAINER_BYTES = 900_000;

/**
 * Injects in one pod, in the place of what of ours is there.
 * @returns why it is not in force, null when it is
 * @throws KubernetesApiError; the reason of the signal when that is aborted
 */
export async function applyToPod(
  work: PodWork,
  of: { readonly pod: V1Pod; readonly server: TargetServer; readonly injection: Injection },
): Promise<string | null> {
  const { pod, server, injection } = of;
  const script = holderScript({ injection, server, devices: null });
  const refusal = refusalOf(pod, injection.id, script);
  if (refusal !== null) return refusal;
  const before = await clearPod(work, pod, null);
  if (before !== null) return `an injection that is there is in the way: ${before}`;
  const facts = {
    id: injection.id,
    rackId: server.rackId,
    serverId: server.serverId,
    description: describeInjection(injection),
    durationSeconds: injection.durationSeconds,
    startBySeconds: work.api.nowSeconds() + work.startTimeoutMs / 1000,
  };
  const container = holderContainer({ image: work.helperImage, facts, script });
  const isThere = await addContainer(work, pod, container);
  const outcome = isThere ? await waitUntilHeld(work, pod, container.name) : ({ kind: 'gone' } as const);
  if (outcome.kind === 'gone') return `${podPlace(pod)} is gone`;
  return outcome.kind === 'problem' ? outcome.text : null;
}

/** Why nothing can be injected in a pod, whatever it is; null: it can. */
function refusalOf(pod: V1Pod, id: string, script: string): string | null {
  const { hostNetwork = false, ephemeralContainers = [] } = pod.spec ?? {};
  if (hostNetwork) {
    return `${podPlace(pod)} uses the network of its node (hostNetwork), so the whole node would be broken; choose a pod with a network of its own`;
  }
  if (ephemeralContainers.some(({ name }) => name === holderName(id))) {
    return `${podPlace(pod)} has had the injection ${id} already, and Kubernetes runs a container of one name only once`;
  }
  const ours = ephemeralContainers.filter(({ name }) => isHolder(name) || isSweep(name));
  const bytes = Buffer.byteLength(JSON.stringify(ours)) + Buffer.byteLength(script);
  if (ours.length < MAX_CONTAINERS && bytes < MAX_CONTAINER_BYTES) return null;
  return `${podPlace(pod)} has had ${ours.length} injections, and Kubernetes keeps each for as long as the pod lives; let it be made anew (kubectl delete pod) before the next one`;
}
