import { randomBytes } from 'node:crypto';
import type { V1Pod } from '@kubernetes/client-node';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import { sweepScript } from '../holder/holder-script.ts';
import { STOP_SCRIPT, sweepContainer } from './chaos-container.ts';
import { type Holder, holdersOf } from './held-state.ts';
import { askUntil } from './patience.ts';
import { addContainer, type PodWork, readAgain } from './pod-access.ts';
import { podName } from './pod-identity.ts';
import { waitUntilSwept } from './wait-for-start.ts';

/** A holder that was told to end and still runs is told again after this. */
const SAY_AGAIN_MS = 5000;

/**
 * Undoes what of ours is in force in a pod: holders that run are told to undo and end, and one that may yet start is
 * waited for, since Kubernetes cannot take it back. What holders left behind is swept by another container.
 * @param pod as it was a moment ago
 * @param id of the injection; null: all of them
 * @returns why it may still be in force, null when it is gone for certain
 * @throws KubernetesApiError; the reason of the signal when that is aborted
 */
export async function clearPod(work: PodWork, pod: V1Pod, id: string | null): Promise<string | null> {
  const { api, pollIntervalMs: intervalMs, undoTimeoutMs: timeoutMs, signal } = work;
  const isMeant = (holder: Holder): boolean => id === null || holder.id === id;
  const toldMs = new Map<string, number>();
  let latest: V1Pod | null = pod;
  let isFirstLook = true;
  let problem: string | null = null;
  const ended = await askUntil({ intervalMs, timeoutMs, signal }, async () => {
    if (!isFirstLook) latest = await readAgain(work, pod);
    isFirstLook = false;
    const holders = latest === null ? [] : holdersOf(latest, api.nowSeconds());
    const busy = holders.filter((holder) => isMeant(holder) && isBusy(holder));
    if (busy.length === 0) return holders;
    problem = await endAll({ work, pod, busy, toldMs });
    return null;
  });
  if (ended === null)
    return `not undone within ${timeoutMs / 1000} s: ${problem ?? 'its holder was told to end, and still runs'}`;
  // Where another holder runs, it has undone first what was left behind; a sweep would undo its own.
  if (!ended.some((holder) => isMeant(holder) && isLeft(holder)) || ended.some(isInForce)) return null;
  return sweep(work, pod);
}

function isInForce({ condition }: Holder): boolean {
  return condition === 'active' || condition === 'overdue';
}

function isBusy(holder: Holder): boolean {
  return isInForce(holder) || holder.condition === 'waiting';
}

function isLeft({ condition }: Holder): boolean {
  return condition === 'leftover' || condition === 'failed';
}

/** Tells those that run to end. @returns what stands in the way of one of them, null: nothing */
async function endAll(parts: {
  work: PodWork;
  pod: V1Pod;
  busy: readonly Holder[];
  toldMs: Map<string, number>;
}): Promise<string | null> {
  const { work, pod, busy, toldMs } = parts;
  let problem: string | null = null;
  for (const { name, state } of busy) {
    if (state.kind === 'waiting') {
      problem = `its container ${name} has yet to start (${state.reason}) and cannot be taken back; it does nothing when it starts too late, so clear it again in a minute`;
      continue;
    }
    if (performance.now() - (toldMs.get(name) ?? -Infinity) < SAY_AGAIN_MS) continue;
    // oxlint-disable-next-line no-await-in-loop -- a pod has one holder that runs, two for a moment at most
    const refusal = await tellToEnd(work, podName(pod), name);
    if (refusal === null) toldMs.set(name, performance.now());
    else problem = `its holder ${name} cannot be told to end: ${refusal}`;
  }
  return problem;
}

/** The signal undoes at once. It may end just now by itself, so that it cannot be reached: the next look will tell. */
async function tellToEnd({ api, signal }: PodWork, pod: string, container: string): Promise<string | null> {
  try {
    return await api.execute({ pod, container }, ['sh', '-c', STOP_SCRIPT], signal);
  } catch (error) {
    if (error instanceof KubernetesApiError && !error.isForAll) return error.message;
    throw error;
  }
}

async function sweep(work: PodWork, pod: V1Pod): Promise<string | null> {
  const container = sweepContainer({
    image: work.helperImage,
    nonce: randomBytes(6).toString('hex'),
    script: sweepScript({ devices: null }),
  });
  if (!(await addContainer(work, pod, container))) return null;
  const outcome = await waitUntilSwept(work, pod, container.name);
  return outcome.kind === 'problem' ? `what was left behind could not be swept away: ${outcome.text}` : null;
}
