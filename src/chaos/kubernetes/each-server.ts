import { ChaosError, type Outcome, type TargetServer } from '../target.ts';
import { KubernetesApiError } from './api-error.ts';

/** Pods that are worked on at a time: an API server is everybody's. */
const MAX_AT_A_TIME = 32;

/**
 * Does something on every server, on several at a time, in the order given.
 * @param act gives why it failed, null when it did not
 * @throws ChaosError when the API server refuses it for every pod alike and it was done on none; whatever else `act`
 * throws that is no KubernetesApiError, once all that had begun has ended
 */
export async function onEachServer(
  servers: readonly TargetServer[],
  act: (server: TargetServer) => Promise<string | null>,
): Promise<readonly Outcome[]> {
  const problems: (string | null)[] = [];
  const waiting = servers.entries();
  let refusal: KubernetesApiError | null = null;
  const workOff = async (): Promise<void> => {
    for (const [index, server] of waiting) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- several such loops run at a time
        problems[index] = refusal === null ? await act(server) : refusal.message;
      } catch (error) {
        if (!(error instanceof KubernetesApiError)) throw error;
        problems[index] = error.message;
        if (error.isForAll) refusal = error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(MAX_AT_A_TIME, servers.length) }, workOff));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  throwIfForAll(refusal, problems);
  return servers.map((server, index) => ({ server, problem: problems[index] ?? null }));
}

function throwIfForAll(refusal: KubernetesApiError | null, problems: readonly (string | null)[]): void {
  if (refusal === null || problems.some((problem) => problem !== refusal.message)) return;
  throw new ChaosError(refusal.message, { cause: refusal });
}
