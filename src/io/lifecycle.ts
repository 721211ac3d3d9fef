import { withinDeadline } from './deadline.ts';

/** Something that did not close as it should. */
export interface CloseFailure {
  readonly name: string;
  readonly error: Error;
}

export interface Lifecycle {
  /** Aborted when closing begins. */
  readonly signal: AbortSignal;
  /** Remembers how to close what was just opened. When closing has begun already, it is closed at once. */
  defer(name: string, close: () => void | Promise<void>, deadlineMs?: number): void;
  /**
   * Runs a start. When it throws, or closing begins while it runs, everything deferred is closed.
   * @throws what the start threw, or an AbortError.
   */
  start<T>(open: () => Promise<T>): Promise<T>;
  /** Closes all that was deferred, newest first, each with its deadline. Idempotent; never rejects. */
  close(): Promise<readonly CloseFailure[]>;
}

interface Deferred {
  readonly name: string;
  readonly close: () => void | Promise<void>;
  readonly deadlineMs: number;
}

/**
 * One ordered shutdown: what was opened last is closed first, once, also when something before it failed or hung.
 * @param options.deadlineMs for each close that names none; 2000 by default
 */
export function createLifecycle({ deadlineMs: defaultDeadlineMs = 2000 }: { deadlineMs?: number } = {}): Lifecycle {
  const controller = new AbortController();
  const failures: CloseFailure[] = [];
  const stack: Deferred[] = [];
  let closing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    for (let next = stack.pop(); next; next = stack.pop()) {
      // oxlint-disable-next-line no-await-in-loop -- the order is the purpose
      const failure = await closeOne(next);
      if (failure) failures.push(failure);
    }
  };
  const close = async (): Promise<readonly CloseFailure[]> => {
    if (closing === null) {
      // Set before anything runs that may itself ask to close.
      closing = Promise.resolve().then(drain);
      controller.abort();
    }
    // A late defer makes closing longer while we wait for it.
    for (let seen = null; seen !== closing;) {
      seen = closing;
      // oxlint-disable-next-line no-await-in-loop -- waits until nothing was added
      await seen;
    }
    return failures;
  };

  return {
    signal: controller.signal,
    defer(name, closeIt, deadlineMs = defaultDeadlineMs) {
      stack.push({ name, close: closeIt, deadlineMs });
      if (closing !== null) closing = closing.then(drain);
    },
    async start(open) {
      try {
        controller.signal.throwIfAborted();
        const opened = await open();
        controller.signal.throwIfAborted();
        return opened;
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}

async function closeOne({ name, close, deadlineMs }: Deferred): Promise<CloseFailure | null> {
  try {
    if (await withinDeadline(settled(close), deadlineMs)) return null;
    return { name, error: new Error(`${name} did not close within ${deadlineMs} ms`) };
  } catch (error) {
    return { name, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Turns what a close throws at once into a rejection, like all else it may throw. */
async function settled(close: Deferred['close']): Promise<void> {
  await close();
}
