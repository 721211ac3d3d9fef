import type { Slots } from './slots.ts';

/** A sample that comes later than this behind its expected time is late: its slot stays empty. */
export const DEADLINE_SECONDS = 2;

/**
 * Tells which slots are lost. A slot is judged once it lies a deadline behind the newest sample: empty then means lost,
 * and what comes for it later is late. Before that it may still be on its way.
 */
export class LossLedger {
  readonly #slots: Slots;
  readonly #deadlineSlots: number;
  /** Slots up to this index have been judged. */
  #judged = -1;

  constructor(slots: Slots, sampleRateHz: number) {
    this.#slots = slots;
    // At high rates the deadline is longer than the ring remembers; then half a window is the deadline.
    this.#deadlineSlots = Math.min(Math.ceil(DEADLINE_SECONDS * sampleRateHz), slots.size / 2);
  }

  /** Begins anew: nothing before this index was ever expected. */
  restart(index: number): void {
    this.#judged = index - 1;
  }

  isJudged(index: number): boolean {
    return index <= this.#judged;
  }

  /** Slots up to this index are past their deadline when the newest one is `headIndex`. */
  maturedIndex(headIndex: number): number {
    return headIndex - this.#deadlineSlots;
  }

  /** Judges what matures when a sample of this index comes; to be called before the slots move on. Returns the losses. */
  judgeUntil(index: number): number {
    const slots = this.#slots;
    const matured = this.maturedIndex(index);
    let lost = 0;
    const remembered = Math.min(matured, slots.newest);
    for (let i = Math.max(this.#judged + 1, slots.newest - slots.size + 1); i <= remembered; i++) {
      if (!slots.has(i)) lost++;
    }
    // Slots between the newest so far and the matured one never came at all.
    lost += Math.max(0, matured - Math.max(slots.newest, this.#judged));
    this.#judged = Math.max(this.#judged, matured);
    return lost;
  }
}
