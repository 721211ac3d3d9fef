import type { V1Pod } from '@kubernetes/client-node';
import { MAX_ID, parseId } from '../server-ids.ts';
import { ChaosError, type TargetServer } from '../target.ts';

const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

export function podName(pod: V1Pod): string {
  return pod.metadata?.name ?? '';
}

/** Where a server is, for people. */
export function podPlace(pod: V1Pod): string {
  return `pod ${pod.metadata?.namespace ?? ''}/${podName(pod)}`;
}

/** Its containers run, and nobody has told it to go. */
export function isRunning(pod: V1Pod): boolean {
  return pod.status?.phase === 'Running' && pod.metadata?.deletionTimestamp === undefined;
}

/** It has ended: its network namespace is gone, and whatever was in force there too. */
export function hasEnded(pod: V1Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/**
 * Which server a pod is. The rack is its label `rack=N`. The server is its label `server=N`; without that its number in
 * its StatefulSet, which newer clusters write into a label and older ones only into the pod's name. The last digits of
 * any other pod's name are random, and so no number.
 * @throws ChaosError that names the pod and what it lacks
 */
export function podServer(pod: V1Pod): TargetServer {
  const labels = pod.metadata?.labels ?? {};
  const place = podPlace(pod);
  const ofStatefulSet = (pod.metadata?.ownerReferences ?? []).some(({ kind }) => kind === 'StatefulSet');
  const serverText =
    labels['server'] ?? labels[POD_INDEX_LABEL] ?? (ofStatefulSet ? /-(\d+)$/.exec(podName(pod))?.[1] : undefined);
  const rackId = parseId(labels['rack']);
  const serverId = parseId(serverText);
  if (rackId === null) throw new ChaosError(idProblem({ place, label: 'rack', given: labels['rack'] }));
  if (serverId === null) throw new ChaosError(idProblem({ place, label: 'server', given: serverText }));
  return { rackId, serverId, place };
}

function idProblem(of: { place: string; label: string; given: string | undefined }): string {
  const { place, label, given } = of;
  const has = given === undefined ? `has no label ${label}=N` : `has ${label}=${given}`;
  const number = label === 'server' ? ' (or the number of a StatefulSet’s pod)' : '';
  return `${place} is selected, but ${has}, so it is not known which server it is. Give it ${label}=0 to ${MAX_ID}${number}, or select other pods with --selector.`;
}
