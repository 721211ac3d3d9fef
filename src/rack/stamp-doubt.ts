import { BEAT_MS } from './receive-lag.ts';

/** A pause of the receive thread shorter than this is part of every stamp. */
export const NOTABLE_PAUSE_SECONDS = 0.02;

/**
 * After a pause of the receive thread, what waited in the kernel is stamped when it is taken, though it came some time
 * in between. This tells by how much a stamp may be too late, so that the pause is never heard as delay or loss.
 */
export class StampDoubt {
  #beatSeconds: number;
  #pausedSinceSeconds: number | null = null;

  /** @param nowSeconds unix seconds; the first beat is due a beat later */
  constructor(nowSeconds: number) {
    this.#beatSeconds = nowSeconds;
  }

  /** The thread's timer fired. */
  beat(nowSeconds: number): void {
    this.#notice(nowSeconds);
    this.#beatSeconds = nowSeconds;
  }

  /** By how many seconds a datagram taken now may have come earlier. */
  ofStamp(nowSeconds: number): number {
    this.#notice(nowSeconds);
    return this.#pausedSinceSeconds === null ? 0 : nowSeconds - this.#pausedSinceSeconds;
  }

  /** Everything that waited has been taken: from now on stamps are true again. */
  settle(): void {
    this.#pausedSinceSeconds = null;
  }

  /** A beat that is overdue means that nobody listened since the last one. */
  #notice(nowSeconds: number): void {
    const overdueSeconds = nowSeconds - this.#beatSeconds - BEAT_MS / 1000;
    if (overdueSeconds > NOTABLE_PAUSE_SECONDS) this.#pausedSinceSeconds ??= this.#beatSeconds;
  }
}
