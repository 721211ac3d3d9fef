import type { Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';

/** Closes all that a role holds, and logs what did not close as it should. Idempotent, as the lifecycle is; never rejects. */
export async function closeAndLog(lifecycle: Lifecycle, log: Log): Promise<void> {
  for (const { name, error } of await lifecycle.close()) log.error({ name, err: error }, 'did not close');
}
