import type { Injection } from '../wire/injection.ts';
import { type ChaosClock, REAL_CLOCK } from './chaos-clock.ts';
import { undo } from './inject.ts';
import { serverName } from './server-ids.ts';
import type { HeldInjection, Target, TargetServer } from './target.ts';

/**
 * How an injection came to its end: its time was over, the user ended it, or it was gone before (cleared from elsewhere,
 * or its servers or whoever held it are).
 */
export type HoldEnd = 'expired' | 'undone' | 'gone';

export interface HoldOptions {
  readonly target: Target;
  readonly injection: Injection;
  readonly servers: readonly TargetServer[];
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** When it was asked for, in milliseconds of `clock`: no holder can have begun before. */
  readonly askedMs: number;
  /** Called about once a second. @param leftSeconds null when it has no end */
  readonly onTick: (leftSeconds: number | null) => void;
  /** Called once for servers on which it is gone before its time while it goes on elsewhere. */
  readonly onLost: (servers: readonly TargetServer[]) => void;
  readonly clock?: Pick<ChaosClock, 'elapsedMs' | 'pauseMs'>;
}

const TICK_MS = 1000;
/** By which two clocks may differ in the time of one injection. */
const CLOCK_MS = 500;
/** For the holders to let what waits leave, to undo and to be seen to have ended. */
const GRACE_MS = 15_000;

/**
 * Waits until an injection is over and makes sure that it is undone. The deadline is not kept here: whoever holds the
 * injection ends it by itself, and is only watched.
 * @throws ChaosError when it could not be undone everywhere
 */
export async function hold(options: HoldOptions): Promise<HoldEnd> {
  const { target, injection, servers, signal, askedMs, onTick, clock = REAL_CLOCK } = options;
  const durationMs = injection.durationSeconds === null ? Infinity : injection.durationSeconds * 1000;
  // Holders began one after the other between being asked and now.
  const [firstEndMs, lastEndMs] = [askedMs + durationMs - CLOCK_MS, clock.elapsedMs() + durationMs];
  const lost = new LostServers(options);
  for (;;) {
    const leftMs = lastEndMs - clock.elapsedMs();
    onTick(leftMs === Infinity ? null : Math.max(0, leftMs / 1000));
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await clock.pauseMs(leftMs > 0 ? Math.min(TICK_MS, leftMs) : TICK_MS, signal);
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const held = signal.aborted ? null : await heldOf(options);
    const end = clock.elapsedMs() >= firstEndMs ? 'expired' : 'gone';
    if (held?.length === 0 && end === 'expired') return end;
    // oxlint-disable-next-line no-await-in-loop -- before the next look
    if (held !== null && end === 'gone') await lost.look(held);
    if (held?.length === 0) return end;
    const isBroken = held?.some(({ state }) => state !== 'active') ?? false;
    if (!signal.aborted && !isBroken && clock.elapsedMs() < lastEndMs + GRACE_MS) continue;
    // oxlint-disable-next-line no-await-in-loop -- the last thing that is done
    await undo({ target, servers, id: injection.id });
    return signal.aborted ? 'undone' : end;
  }
}

/** Servers on which an injection is gone, each told of once. */
class LostServers {
  readonly #options: HoldOptions;
  readonly #known = new Set<string>();

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  /** Who held it may be gone and the rule still there: that it is not is made sure. */
  async look(held: readonly HeldInjection[]): Promise<void> {
    const still = new Set(held.map(({ server }) => serverName(server)));
    const { target, injection, servers, onLost } = this.#options;
    const lost = servers.filter((server) => !still.has(serverName(server)) && !this.#known.has(serverName(server)));
    for (const server of lost) this.#known.add(serverName(server));
    if (lost.length === 0) return;
    await undo({ target, servers: lost, id: injection.id });
    onLost(lost);
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
