import { DATAGRAMS_A_TURN } from './listening-proof.ts';

/** A wait shorter than this is the usual way from the kernel to the thread. */
const NOTABLE_WAIT_SECONDS = 0.1e-3;
/** The wait is asked for no more often: it cannot have grown by more. */
const ASK_AGAIN_SECONDS = 0.3e-3;

/**
 * A datagram wakes the receive thread, and is stamped once the thread has a core. On a busy machine it may have waited
 * for one for milliseconds, again and again, which would be heard as jitter. How long it waited the kernel knows; this
 * tells by how much the stamps of a turn of the event loop may be too late.
 *
 * A turn begins with a beat or a datagram, whichever comes first, and ends when the loop has polled its sockets.
 */
export class WakeDoubt {
  readonly #takeWaitSeconds: () => number;
  #askedSeconds = Number.NEGATIVE_INFINITY;
  /** Since when what is taken now may have waited. */
  #sinceSeconds: number | null = null;
  #isTurn = false;
  #taken = 0;

  /** @param takeWaitSeconds how long the thread waited for a core since it was last asked */
  constructor(takeWaitSeconds: () => number) {
    this.#takeWaitSeconds = takeWaitSeconds;
  }

  /** The thread does something. Returns true when a turn begins: `endTurn` is to be called at its end. */
  wake(nowSeconds: number): boolean {
    if (nowSeconds - this.#askedSeconds >= ASK_AGAIN_SECONDS) {
      this.#askedSeconds = nowSeconds;
      const waitedSeconds = this.#takeWaitSeconds();
      if (waitedSeconds >= NOTABLE_WAIT_SECONDS) {
        this.#sinceSeconds = Math.min(this.#sinceSeconds ?? nowSeconds, nowSeconds - waitedSeconds);
      }
    }
    const isNew = !this.#isTurn;
    this.#isTurn = true;
    return isNew;
  }

  /** By how many seconds a datagram taken now may have come earlier. To be called after `wake`, once for each. */
  ofStamp(nowSeconds: number): number {
    this.#taken++;
    return this.#sinceSeconds === null ? 0 : nowSeconds - this.#sinceSeconds;
  }

  /** The loop has polled its sockets. When a turn took all that it can take, more is waiting, and waits as long. */
  endTurn(): void {
    if (this.#taken < DATAGRAMS_A_TURN) this.#sinceSeconds = null;
    this.#taken = 0;
    this.#isTurn = false;
  }
}
