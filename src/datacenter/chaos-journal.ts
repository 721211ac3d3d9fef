import type { ChaosEnd, ChaosEndReason } from '../wire/chaos-end.ts';
import type { KnownChaosNotice } from '../wire/chaos-notice-schema.ts';
import type { EventRing } from './events.ts';

/** Most injections active at once. */
export const MAX_INJECTIONS = 64;
/** What somebody hears for whose injection there is no room. */
export const NO_ROOM = `${MAX_INJECTIONS} injections are active, which is the most: clear one, or wait until one ends.`;
/** Injections that expired here, and may still turn out to have failed. */
const MAX_EXPIRED = 64;

/**
 * Which injections are active, as injectors announced them, and the events of their beginnings and ends. Pure: times
 * are arguments, in Unix seconds.
 */
export class ChaosJournal {
  readonly #ring: EventRing;
  /** By id, oldest first. */
  readonly #active = new Map<string, KnownChaosNotice>();
  /** By id, oldest first. */
  readonly #expired = new Map<string, KnownChaosNotice>();
  #inOrder: readonly KnownChaosNotice[] | null = null;

  constructor(ring: EventRing) {
    this.#ring = ring;
  }

  /** Oldest first. The same array until something changes. */
  get active(): readonly KnownChaosNotice[] {
    this.#inOrder ??= [...this.#active.values()];
    return this.#inOrder;
  }

  /**
   * Takes the announcement of an injection. Of one that is active it changes what is said of it, and is no event.
   * @returns false when there are too many
   */
  begin(notice: KnownChaosNotice): boolean {
    const known = this.#active.get(notice.id);
    if (known === undefined && this.#active.size >= MAX_INJECTIONS) return false;
    this.#active.set(notice.id, { ...notice, began_at: known?.began_at ?? notice.began_at });
    this.#inOrder = null;
    this.#expired.delete(notice.id);
    if (known === undefined) this.#record(notice, { timestamp: notice.began_at, from: null, reason: null });
    return true;
  }

  /**
   * Ends an injection. Of one that is not active it does nothing: its time may have been over before its injector said
   * so. Only that it failed is worth an event even then.
   */
  end({ id, ended_at, reason }: ChaosEnd): void {
    const known = this.#active.get(id);
    if (known !== undefined) return this.#end(known, ended_at, reason);
    const expired = this.#expired.get(id);
    if (expired === undefined || reason !== 'failed') return;
    this.#expired.delete(id);
    this.#record(expired, { timestamp: ended_at, from: 'ended', reason });
  }

  /** To be called a few times a second: ends the injections whose time is over, for their injectors may be dead. */
  check(nowSeconds: number): void {
    for (const notice of this.active) {
      if (notice.until === null || notice.until > nowSeconds) continue;
      this.#end(notice, notice.until, 'expired');
      this.#expired.set(notice.id, notice);
      const [oldest] = this.#expired.keys();
      if (this.#expired.size > MAX_EXPIRED && oldest !== undefined) this.#expired.delete(oldest);
    }
  }

  #end(notice: KnownChaosNotice, endedSeconds: number, reason: ChaosEndReason): void {
    this.#active.delete(notice.id);
    this.#inOrder = null;
    // Whoever ends it may have another clock than whoever began it.
    this.#record(notice, { timestamp: Math.max(notice.began_at, endedSeconds), from: 'begun', reason });
  }

  #record(
    notice: KnownChaosNotice,
    change: { timestamp: number; from: null | 'begun' | 'ended'; reason: ChaosEndReason | null },
  ): void {
    const { timestamp, from, reason } = change;
    this.#ring.push({
      timestamp,
      scope: 'chaos',
      rack_id: null,
      server_id: null,
      name: notice.scope,
      from,
      to: reason === null ? 'begun' : 'ended',
      spectral_error: null,
      health_score: null,
      chaos: { ...notice, reason },
    });
  }
}
