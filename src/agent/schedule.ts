/** Node's timers fire up to 1.7 ms before their time; going back to sleep for so little would only make the sample late. */
const EARLY_SECONDS = 0.002;
/** Further behind than this the agent was not late but away: suspended, or stopped. */
const STALL_SECONDS = 1;

/** When the samples of one boot id are due: sample k at t0 + k / fs, whatever happened to those before it. */
export interface Schedule {
  /** k of the next sample. */
  readonly index: number;
  /** When the next sample is due, in unix seconds. */
  readonly dueSeconds: number;
  /** Whether the next sample is to be sent now: from 2 ms before its time, at high rates from half an interval before. */
  isDue(nowSeconds: number): boolean;
  /** The next sample was sent: goes on to the one after it. */
  advance(): void;
  /**
   * Whether the schedule is more than 1 s behind. It is then given up for a new one with a new boot id: what was missed
   * is a restart, not a loss, and not a burst either.
   */
  isStalled(nowSeconds: number): boolean;
  /** How long to sleep until the next sample is due, in whole milliseconds; at least 1, the least a timer can wait. */
  waitMs(nowSeconds: number): number;
}

/**
 * Makes a schedule whose first sample is due at its start.
 * @param options.startSeconds t0, unix seconds
 */
export function createSchedule(options: { startSeconds: number; sampleRateHz: number }): Schedule {
  const { startSeconds, sampleRateHz } = options;
  const earlySeconds = Math.min(EARLY_SECONDS, 0.5 / sampleRateHz);
  let index = 0;
  // From the index each time: a sum of intervals would gather their rounding errors.
  const dueSeconds = (): number => startSeconds + index / sampleRateHz;
  return {
    get index() {
      return index;
    },
    get dueSeconds() {
      return dueSeconds();
    },
    isDue: (nowSeconds) => nowSeconds >= dueSeconds() - earlySeconds,
    advance() {
      index++;
    },
    isStalled: (nowSeconds) => nowSeconds - dueSeconds() > STALL_SECONDS,
    waitMs: (nowSeconds) => Math.max(1, Math.ceil((dueSeconds() - nowSeconds) * 1000)),
  };
}
