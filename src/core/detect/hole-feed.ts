import type { Slots } from '../slots.ts';

/** Where samples overtake one another, a hole is believed only when so many slots have passed. */
const WARY_SLOTS = 4;
const DISORDERLY_SLOTS = 24;

/** How much samples of a stream overtake one another. */
export type Disorder = 'none' | 'some' | 'much';

const PATIENCE: Readonly<Record<Disorder, number>> = { none: 0, some: WARY_SLOTS, much: DISORDERLY_SLOTS };

/**
 * Hands slots to the loss detectors in the order of the grid. A slot counts as lost 2 s after it was due, but 50 % loss
 * is to be known in a third of that: so a hole is evidence as soon as a later sample has come, and when it is filled
 * after all the evidence is taken back.
 */
export class HoleFeed {
  #fed = -1;
  #newest = -1;

  restart(index: number): void {
    this.#fed = index - 1;
    this.#newest = index - 1;
  }

  /** Feeds what is ripe: `take` gets each slot once, in order. Gaps of more than `maxGap` slots are passed over. */
  feed(slots: Slots, disorder: Disorder, maxGap: number, take: (isLost: boolean, index: number) => void): void {
    const last = slots.newest - PATIENCE[disorder];
    if (slots.newest - this.#newest - 1 > maxGap) this.#fed = Math.max(this.#fed, slots.newest - 1);
    this.#newest = slots.newest;
    for (let index = this.#fed + 1; index <= last; index++) take(!slots.has(index), index);
    if (last > this.#fed) this.#fed = last;
  }

  /** True when the slot was told to be lost already. */
  wasFed(index: number): boolean {
    return index <= this.#fed;
  }
}
