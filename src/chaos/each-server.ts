import { UserError } from '../io/user-error.ts';
import { severalAtOnce } from './several-at-once.ts';
import type { Outcome, TargetServer } from './target.ts';

/**
 * Does something on every server, on `atOnce` of them at a time.
 * @param work gives null when it was done, or why not, which it may also throw as a ChaosError
 * @throws whatever else `work` throws, and all that it throws once `signal` is aborted, when all that had begun has ended
 */
export async function onEachServer(
  servers: readonly TargetServer[],
  { atOnce, signal }: { readonly atOnce: number; readonly signal: AbortSignal },
  work: (server: TargetServer) => Promise<string | null>,
): Promise<readonly Outcome[]> {
  return severalAtOnce(servers, atOnce, async (server) => {
    try {
      return { server, problem: await work(server) };
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error;
      return { server, problem: error.message };
    }
  });
}
