import { setTimeout as delay } from 'node:timers/promises';

/** Waits, at most until `signal` aborts. A time that has passed is none. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, ms), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
