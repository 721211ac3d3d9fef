import { KubernetesApiError } from '../../kubernetes/api-error.ts';
import { onEachServer } from '../each-server.ts';
import type { Outcome, TargetServer } from '../target.ts';

/** Pods that are worked on at a time: an API server is everybody's. */
const AT_ONCE = 32;

/**
 * Does something on every server, as `onEachServer`. What the API server refuses for every pod alike is asked only once.
 * @throws KubernetesApiError when that was so, and it was done on none
 */
export async function onEachPod(
  servers: readonly TargetServer[],
  signal: AbortSignal,
  work: (server: TargetServer) => Promise<string | null>,
): Promise<readonly Outcome[]> {
  let refusal: KubernetesApiError | null = null;
  const outcomes = await onEachServer(servers, { atOnce: AT_ONCE, signal }, async (server) => {
    if (refusal !== null) throw refusal;
    try {
      return await work(server);
    } catch (error) {
      if (error instanceof KubernetesApiError && error.isForAll) refusal = error;
      throw error;
    }
  });
  throwIfForAll(refusal, outcomes);
  return outcomes;
}

function throwIfForAll(refusal: KubernetesApiError | null, outcomes: readonly Outcome[]): void {
  if (refusal !== null && outcomes.every(({ problem }) => problem === refusal.message)) throw refusal;
}
