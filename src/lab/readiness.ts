import { pause } from '../io/pause.ts';

export interface ReadinessOptions {
  /** Of the process, for the error. */
  readonly name: string;
  /** Answers with a 2xx once the process is ready. */
  readonly url: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** From one try to the next. */
  readonly intervalMs?: number;
}

const TRY_TIMEOUT_MS = 2000;

/**
 * Waits until a process says that it is ready.
 * @throws Error when it did not within the deadline, or its port is one that no HTTP client may ask; the reason of `signal` when that is aborted
 */
export async function untilReady({ name, url, deadlineMs, signal, intervalMs = 50 }: ReadinessOptions): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    signal.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    if (await isReady(url, signal)) return;
    if (performance.now() > endMs) throw new Error(`${name} was not ready within ${deadlineMs / 1000} s (${url})`);
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await pause(intervalMs, signal);
  }
}

async function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)]) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError && error.cause instanceof Error && error.cause.message === 'bad port') {
      throw new Error(`${url} has a port that browsers refuse: choose others with --base-port`, { cause: error });
    }
    // Whatever else went wrong, it does not answer yet.
    return false;
  }
}
