import type { ClockRecovery } from './clock-recovery.ts';
import { medianInPlace } from './order-statistics.ts';
import type { Slots } from './slots.ts';

/** One block of samples is one point of the clock fit: the median of their delays stands for this long. */
const BLOCK_SECONDS = 3;
/** A block with fewer samples than this says nothing. */
const MIN_BLOCK_SAMPLES = 3;

/** Cuts a stream of slots into blocks for its clock recovery. */
export class ClockBlocks {
  #from = 0;
  #sentSeconds = 0;

  /** The first block begins with this sample. */
  restart(index: number, sentSeconds: number): void {
    this.#from = index;
    this.#sentSeconds = sentSeconds;
  }

  /**
   * Ends the block at the newest slot if it is long enough, and hands it to the clock. Returns true when it did.
   * @param newestSentSeconds send time of the newest sample
   * @param isHeld true while the clock is not to learn from what comes
   * @param scratch room for a window of delays
   */
  feed(
    clock: ClockRecovery,
    {
      slots,
      newestSentSeconds,
      isHeld,
      scratch,
    }: { slots: Slots; newestSentSeconds: number; isHeld: boolean; scratch: Float64Array },
  ): boolean {
    if (newestSentSeconds - this.#sentSeconds < BLOCK_SECONDS) return false;
    let count = 0;
    let sent = 0;
    for (let index = Math.max(this.#from, slots.newest - slots.size + 1); index <= slots.newest; index++) {
      if (!slots.has(index)) continue;
      scratch[count++] = slots.delaySeconds(index);
      sent += slots.sentSeconds(index);
    }
    this.restart(slots.newest + 1, newestSentSeconds);
    if (count < MIN_BLOCK_SAMPLES) return false;
    clock.addBlock(sent / count, medianInPlace(scratch, count), isHeld);
    return true;
  }
}
