/** How long the page may have to wait for its turn. */
const SLICE_MS = 12;

/** Lets long work be done in slices, so that the page stays responsive. */
export interface Pacer {
  /** Called often: gives the page its turn when the slice is over, and says how far the work is, 0 to 1. */
  pause(share: number): Promise<void>;
}

/**
 * A pacer by the clock.
 * @param turn resolves when the page had its turn
 * @throws what `signal` was aborted with, from `pause`
 */
export function createPacer(options: {
  readonly now: () => number;
  readonly turn: () => Promise<void>;
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}): Pacer {
  const { now, turn, onShare, signal } = options;
  let sliceBegan = now();
  return {
    async pause(share) {
      signal.throwIfAborted();
      if (now() - sliceBegan < SLICE_MS) return;
      onShare(share);
      await turn();
      signal.throwIfAborted();
      sliceBegan = now();
    },
  };
}
