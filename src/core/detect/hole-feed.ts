import type { Slots } from '../slots.ts';
import type { TakenBack } from './rate-detector.ts';

/** Where samples overtake one another, a hole is believed only when so much time, and so many slots, have passed. */
const WARY = { seconds: 0.2, slots: 4 };
const DISORDERLY = { seconds: 1.2, slots: 8 };

/** How much samples of a stream overtake one another. */
export type Disorder = 'none' | 'some' | 'much';

/**
 * Hands slots to the loss detectors in the order of the grid. A slot counts as lost 2 s after it was due, but 50 % loss
 * is to be known in a third of that: so a hole is evidence as soon as a later sample has come, and when it is filled
 * after all the evidence is taken back.
 */
export class HoleFeed {
  #fed = -1;
  #newest = -1;
  /** The gap that was passed over last; none yet. */
  #passedFrom = 0;
  #passedTo = -1;
  readonly #sampleRateHz: number;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  /** The stream begins anew with this slot. */
  restart(index: number): void {
    this.#fed = index - 1;
    this.#newest = index - 1;
    this.#passedTo = this.#passedFrom - 1;
  }

  /** Feeds what is ripe: `take` gets each slot once, in order. Gaps of more than `maxGap` slots are passed over. */
  feed(slots: Slots, disorder: Disorder, maxGap: number, take: (isLost: boolean, index: number) => void): void {
    const last = slots.newest - this.#patience(disorder, slots.size / 2);
    if (slots.newest - this.#newest - 1 > maxGap) this.#passOver(slots.newest - 1);
    this.#newest = slots.newest;
    for (let index = this.#fed + 1; index <= last; index++) take(!slots.has(index), index);
    if (last > this.#fed) this.#fed = last;
  }

  /** Slots to wait for what was overtaken; never longer than the ring remembers. */
  #patience(disorder: Disorder, most: number): number {
    if (disorder === 'none') return 0;
    const { seconds, slots } = disorder === 'some' ? WARY : DISORDERLY;
    return Math.min(Math.max(slots, Math.ceil(seconds * this.#sampleRateHz)), most);
  }

  /** True when the slot was handed on already, and not passed over. */
  wasFed(index: number): boolean {
    return index <= this.#fed && (index < this.#passedFrom || index > this.#passedTo);
  }

  /** What a slot that was told to be lost, and is filled, was among the others. */
  takenBack(slots: Slots, index: number): TakenBack {
    const hitsBeside = Number(this.#isLost(slots, index - 1)) + Number(this.#isLost(slots, index + 1));
    return { hitsBeside, isNewest: index === this.#fed };
  }

  #passOver(last: number): void {
    if (last <= this.#fed) return;
    this.#passedFrom = this.#fed + 1;
    this.#passedTo = last;
    this.#fed = last;
  }

  /** Told to be lost, and empty still. */
  #isLost(slots: Slots, index: number): boolean {
    return this.wasFed(index) && !slots.isForgotten(index) && !slots.has(index);
  }
}
