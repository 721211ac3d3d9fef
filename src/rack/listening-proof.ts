/** Most datagrams that one turn of the event loop takes from a socket (libuv's uv__udp_recvmsg). */
export const DATAGRAMS_A_TURN = 32;
/** The kernel counts at least this much of its buffer for a datagram, however short: its own bookkeeping. */
const KERNEL_BYTES_A_DATAGRAM = 512;

/**
 * Finds out until when everything that came has surely been taken from the socket. A turn of the event loop takes only
 * so many datagrams; after a pause more than that are waiting, and what waits is not silence. It is proven that all
 * that had come by a moment was taken once a later turn found fewer than it would have taken, or once as many were
 * taken since as the kernel can hold.
 */
export class ListeningProof {
  readonly #queueDatagrams: number;
  #taken = 0;
  #takenBefore = 0;
  #takenAtBegin = 0;
  #beganSeconds: number | null = null;

  /** @param receiveBufferBytes what the kernel gave the socket */
  constructor(receiveBufferBytes: number) {
    this.#queueDatagrams = Math.ceil(receiveBufferBytes / KERNEL_BYTES_A_DATAGRAM);
  }

  /** A datagram was taken. */
  take(): void {
    this.#taken++;
  }

  /** Begins to prove that all was taken that came before now (unix seconds); false when a proof is under way. */
  begin(nowSeconds: number): boolean {
    if (this.#beganSeconds !== null) return false;
    this.#beganSeconds = nowSeconds;
    this.#takenAtBegin = this.#taken;
    this.#takenBefore = this.#taken;
    return true;
  }

  /** To be called after each turn. Returns the time up to which all was taken once that is proven, null until then. */
  afterTurn(): number | null {
    const inTurn = this.#taken - this.#takenBefore;
    this.#takenBefore = this.#taken;
    const isDrained = inTurn < DATAGRAMS_A_TURN || this.#taken - this.#takenAtBegin >= this.#queueDatagrams;
    if (!isDrained) return null;
    const provenSeconds = this.#beganSeconds;
    this.#beganSeconds = null;
    return provenSeconds;
  }
}
