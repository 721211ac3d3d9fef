import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 25;
/** Far beyond what anything here takes: a slow machine is no failure. */
const DEADLINE_MS = 90_000;

/**
 * Asks again and again until there is an answer, and gives it. Null, undefined and false are none.
 * @param what completes "waited in vain until …"
 * @throws AssertionError when the deadline passes first
 */
export async function waitUntil<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<T, null | undefined | false>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) {
      return answer as Exclude<T, null | undefined | false>;
    }
    assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
    // oxlint-disable-next-line no-await-in-loop -- the pause between two questions
    await pause(POLL_MS);
  }
}
