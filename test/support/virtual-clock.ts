import type { ChaosClock } from '../../src/chaos/chaos-clock.ts';

interface Sleeper {
  readonly wakeMs: number;
  readonly wake: () => void;
}

/**
 * Time that passes only while everybody sleeps: when nothing else is left to do, it jumps to whoever wakes next. What
 * takes hours on a clock takes milliseconds here, and is the same on each run.
 */
export class VirtualClock implements ChaosClock {
  readonly #onAdvance: (seconds: number) => void;
  #nowMs = 0;
  #sleepers: Sleeper[] = [];
  #isScheduled = false;

  /** @param onAdvance gets the new time before anybody wakes */
  constructor(onAdvance: (seconds: number) => void = () => undefined) {
    this.#onAdvance = onAdvance;
  }

  get seconds(): number {
    return this.#nowMs / 1000;
  }

  elapsedMs(): number {
    return this.#nowMs;
  }

  unixSeconds(): number {
    return 1_800_000_000 + this.seconds;
  }

  async pauseMs(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = { wakeMs: this.#nowMs + Math.max(0, ms), wake: resolve };
    const onAbort = (): void => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#sleepers.push(sleeper);
    this.#schedule();
    await promise;
    signal.removeEventListener('abort', onAbort);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // After every microtask: nobody who could still do something is left.
    setImmediate(() => {
      this.#isScheduled = false;
      this.#advance();
    });
  }

  #advance(): void {
    const [next] = this.#sleepers.toSorted((a, b) => a.wakeMs - b.wakeMs);
    if (next === undefined) return;
    this.#sleepers = this.#sleepers.filter((other) => other !== next);
    this.#nowMs = Math.max(this.#nowMs, next.wakeMs);
    this.#onAdvance(this.seconds);
    next.wake();
    this.#schedule();
  }
}
