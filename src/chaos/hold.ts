import type { Injection } from '../wire/injection.ts';
import { type ChaosClock, REAL_CLOCK } from './chaos-clock.ts';
import { undo } from './inject.ts';
import type { HeldInjection, Target, TargetServer } from './target.ts';

/**
 * How an injection came to its end: its time was over, the user ended it, or it was gone before (cleared from elsewhere,
 * or its servers are).
 */
export type HoldEnd = 'expired' | 'undone' | 'gone';

export interface HoldOptions {
  readonly target: Target;
  readonly injection: Injection;
  readonly servers: readonly TargetServer[];
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Called about once a second. @param leftSeconds null when it has no end */
  readonly onTick: (leftSeconds: number | null) => void;
  readonly clock?: Pick<ChaosClock, 'elapsedMs' | 'pauseMs'>;
}

const TICK_MS = 1000;
/** For the holders to let what waits leave, to undo and to be seen to have ended. */
const GRACE_MS = 15_000;

/**
 * Waits until an injection is over and makes sure that it is undone. The deadline is not kept here: whoever holds the
 * injection ends it by itself, and is only watched.
 * @throws ChaosError when it could not be undone everywhere
 */
export async function hold(options: HoldOptions): Promise<HoldEnd> {
  const { target, injection, servers, signal, onTick, clock = REAL_CLOCK } = options;
  const endMs = injection.durationSeconds === null ? Infinity : clock.elapsedMs() + injection.durationSeconds * 1000;
  for (;;) {
    const leftMs = endMs - clock.elapsedMs();
    onTick(endMs === Infinity ? null : Math.max(0, leftMs / 1000));
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await clock.pauseMs(leftMs > 0 ? Math.min(TICK_MS, leftMs) : TICK_MS, signal);
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const held = signal.aborted ? null : await heldOf(options);
    const isOver = clock.elapsedMs() >= endMs;
    if (held?.length === 0) return isOver ? 'expired' : 'gone';
    const isBroken = held?.some(({ state }) => state !== 'active') ?? false;
    if (!signal.aborted && !isBroken && clock.elapsedMs() < endMs + GRACE_MS) continue;
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    await undo({ target, servers, id: injection.id });
    return signal.aborted ? 'undone' : 'expired';
  }
}

/** Null while the target cannot be asked: it may be back before the end, and if not, the undo says what is wrong. */
async function heldOf({ target, injection, signal }: HoldOptions): Promise<readonly HeldInjection[] | null> {
  try {
    return (await target.status(signal)).filter(({ id }) => id === injection.id);
  } catch {
    return null;
  }
}
