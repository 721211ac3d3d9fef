import type { FaultKind, RackHealth } from '../core/verdict.ts';
import { Sharers, type StandingFault } from './standing-faults.ts';
import { TellingBudget } from './telling-budget.ts';

/** A fault whose end was told is told again only when it stands after so long. */
const REST_SECONDS = 10;
/** A rack on a busy machine is late again and again, and each time it harms nobody. */
const OBSERVER_REST_SECONDS = 60;
/** When a rack's fault is over, a server that still has it is given so long before it counts as the server's own. */
const LINGER_SECONDS = 30;

/** A fault that stood in the newest report. */
export interface KnownFault extends StandingFault {
  /** Of the first report that had it. */
  readonly firstSeconds: number;
  readonly isTold: boolean;
}

/** What is remembered of the faults of a rack and its servers. Times are Unix seconds on the rack's clock. */
export class RackFaultMemory {
  /** By key. */
  readonly faults = new Map<number, KnownFault>();
  readonly budget = new TellingBudget();
  /** Of the newest report. */
  seenSeconds = Number.NEGATIVE_INFINITY;
  /** Faults of the newest report for which nothing was left of the budget. */
  withheld = 0;
  /** By key, until when a fault rests. */
  readonly #rests = new Map<number, number>();
  /** Who shared the rack's faults when they were last reported. */
  readonly #shared = new Map<FaultKind, { readonly sharers: Sharers; readonly seconds: number }>();

  /** A report begins: forgets what no longer matters; after a clock was set back, all that was to come later. */
  begin({ faults }: RackHealth, timestamp: number): void {
    const isSetBack = timestamp < this.seenSeconds;
    for (const [key, until] of this.#rests) if (isSetBack || until <= timestamp) this.#rests.delete(key);
    for (const [kind, { seconds }] of this.#shared) {
      if (isSetBack || seconds + LINGER_SECONDS <= timestamp) this.#shared.delete(kind);
    }
    for (const fault of faults) this.#shared.set(fault.kind, { sharers: new Sharers(fault), seconds: timestamp });
    this.seenSeconds = timestamp;
    this.withheld = 0;
  }

  /** The end of this fault was told. */
  rest(key: number, { fault }: StandingFault): void {
    const restSeconds = fault.kind === 'observer' ? OBSERVER_REST_SECONDS : REST_SECONDS;
    this.#rests.set(key, this.seenSeconds + restSeconds);
  }

  /** Whether the rack itself has this fault of a server in the report that began. */
  isShared({ serverId, fault: { kind } }: StandingFault): boolean {
    const shared = this.#shared.get(kind);
    if (serverId === null || shared?.seconds !== this.seenSeconds) return false;
    return shared.sharers.has(serverId);
  }

  /** Before this a fault is not told of. */
  quietUntil(key: number, { serverId, fault: { kind } }: StandingFault): number {
    const restUntil = this.#rests.get(key) ?? Number.NEGATIVE_INFINITY;
    const shared = this.#shared.get(kind);
    if (serverId === null || !shared?.sharers.has(serverId)) return restUntil;
    return Math.max(restUntil, shared.seconds + LINGER_SECONDS);
  }
}
