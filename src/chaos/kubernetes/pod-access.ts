import type { V1EphemeralContainer, V1Pod } from '@kubernetes/client-node';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import type { KubernetesApi } from './kubernetes-api.ts';
import { askAgain, type Patience } from './patience.ts';
import { hasEnded, podName } from './pod-identity.ts';

/** What it takes to work on a pod. */
export interface PodWork {
  readonly api: KubernetesApi;
  readonly helperImage: string;
  readonly pollIntervalMs: number;
  /** Longest that a container may take from its request to being ready. */
  readonly startTimeoutMs: number;
  /** Longest that an undo may take. */
  readonly undoTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** How long a call that fails in passing is tried again. */
const RETRY_MS = 10_000;

/** The pod as it is now; null when it is gone or has ended, even if another of its name has taken its place. */
export async function readAgain({ api, signal }: PodWork, pod: V1Pod): Promise<V1Pod | null> {
  const now = await api.readPod(podName(pod), signal);
  return now === null || now.metadata?.uid !== pod.metadata?.uid || hasEnded(now) ? null : now;
}

/** Adds an ephemeral container. Safe to try again: a second request for the same one changes nothing. @returns whether the pod was still there */
export async function addContainer(work: PodWork, pod: V1Pod, container: V1EphemeralContainer): Promise<boolean> {
  const { api, pollIntervalMs, signal } = work;
  const patience: Patience = { intervalMs: pollIntervalMs, timeoutMs: RETRY_MS, signal };
  try {
    await askAgain(patience, () => api.addContainer(podName(pod), container, signal));
    return true;
  } catch (error) {
    if (error instanceof KubernetesApiError && error.isNotFound) return false;
    throw error;
  }
}
