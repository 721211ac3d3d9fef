import { systemSeconds } from '../io/clock.ts';
import { pause } from '../io/pause.ts';

/** The time that injections and scenarios run in. */
export interface ChaosClock {
  /** Monotonic, from any beginning. */
  elapsedMs(): number;
  /** Unix seconds, for people. */
  unixSeconds(): number;
  /** Ends early, without an error, when `signal` aborts. */
  pauseMs(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_CLOCK: ChaosClock = {
  elapsedMs: () => performance.now(),
  unixSeconds: systemSeconds,
  pauseMs: pause,
};
