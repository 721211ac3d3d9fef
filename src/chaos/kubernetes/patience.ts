import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesApiError } from '../../kubernetes/api-error.ts';

export interface Patience {
  /** From one question to the next. */
  readonly intervalMs: number;
  /** How long to go on asking. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks until there is an answer other than null. A question that fails in passing (nothing answers, the server is
 * busy) is asked again.
 * @returns null when the time was over first
 * @throws KubernetesApiError that was no passing one, or with which the time ended; the reason of `signal` when that is
 * aborted
 */
export async function askUntil<T>(patience: Patience, ask: () => Promise<T | null>): Promise<T | null> {
  const { intervalMs, timeoutMs, signal } = patience;
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      const answer = await ask();
      if (answer !== null) return answer;
      if (performance.now() >= endMs) return null;
    } catch (error) {
      const isPassing = error instanceof KubernetesApiError && error.isPassing;
      if (!isPassing || performance.now() >= endMs) throw error;
    }
    // oxlint-disable-next-line no-await-in-loop -- the pause between two questions
    await delay(intervalMs, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  }
}

/** Asks again what failed in passing. Only for what may be done twice. @throws as `askUntil` */
export async function askAgain<T>(patience: Patience, ask: () => Promise<T>): Promise<T> {
  const answer = await askUntil(patience, async () => ({ value: await ask() }));
  if (answer === null) throw new Error('it answered nothing');
  return answer.value;
}
