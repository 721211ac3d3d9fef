import type { DatacenterHealth } from '../../core/verdict.ts';
import { FetchHealthError } from '../../terminal/fetch-health.ts';
import type { ChaosClock } from '../chaos-clock.ts';

/** One look at the datacenter. */
export interface Look {
  /** Null: it did not answer. */
  readonly tree: DatacenterHealth | null;
  /** Why it did not. */
  readonly problem: string | null;
  /** When it was asked, monotonic. */
  readonly askedSeconds: number;
}

export interface HealthWatchOptions {
  /** @throws FetchHealthError when the datacenter cannot be asked */
  readonly fetchTree: (signal: AbortSignal) => Promise<DatacenterHealth>;
  readonly clock: ChaosClock;
  readonly onLook: (look: Look) => void;
  /** What is no failure of the datacenter: the watch is over then. */
  readonly onError: (error: unknown) => void;
}

const INTERVAL_MS = 1000;

/** Looks at a datacenter once a second, for everybody who waits for something. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  #waiting: ((look: Look | null) => void)[] = [];
  #isOver = false;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /** Looks until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onLook, onError } = this.#options;
    try {
      for (
        let nextMs = clock.elapsedMs();
        !signal.aborted;
        nextMs = Math.max(nextMs + INTERVAL_MS, clock.elapsedMs())
      ) {
        // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
        await clock.pauseMs(nextMs - clock.elapsedMs(), signal);
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        const look = await this.#look(signal);
        if (look === null) break;
        onLook(look);
        for (const resolve of this.#waiting.splice(0)) resolve(look);
      }
    } catch (error) {
      // Before anybody is told that there are no more looks, so that they know why.
      onError(error);
    } finally {
      this.#isOver = true;
      for (const resolve of this.#waiting.splice(0)) resolve(null);
    }
  }

  /** The next look; null when there will be none. */
  async next(): Promise<Look | null> {
    if (this.#isOver) return null;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Null when it is over. */
  async #look(signal: AbortSignal): Promise<Look | null> {
    const { clock, fetchTree } = this.#options;
    const askedSeconds = clock.elapsedMs() / 1000;
    if (signal.aborted) return null;
    try {
      return { tree: await fetchTree(signal), problem: null, askedSeconds };
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof FetchHealthError) return { tree: null, problem: error.message, askedSeconds };
      throw error;
    }
  }
}
