const PING_SECONDS = 15;
const PONG_SECONDS = 30;
const WINDOW_SECONDS = 10;
/** Messages and pings that a client may send in a window: a page subscribes to a handful of topics. */
const MAX_MESSAGES = 200;

/** Whether a client lives and behaves. Times are arguments, in Unix seconds. */
export class ClientLife {
  #pongSeconds: number;
  #pingSeconds: number;
  #windowSeconds: number;
  #messages = 0;

  constructor(nowSeconds: number) {
    this.#pongSeconds = nowSeconds;
    this.#pingSeconds = nowSeconds;
    this.#windowSeconds = nowSeconds;
  }

  pong(nowSeconds: number): void {
    this.#pongSeconds = nowSeconds;
  }

  /** Counts a message; false when it was one too many. */
  message(nowSeconds: number): boolean {
    if (nowSeconds - this.#windowSeconds >= WINDOW_SECONDS) {
      this.#windowSeconds = nowSeconds;
      this.#messages = 0;
    }
    this.#messages++;
    return this.#messages <= MAX_MESSAGES;
  }

  /** What is to be done now; a ping counts as sent. */
  check(nowSeconds: number): 'ping' | 'dead' | null {
    if (nowSeconds - this.#pongSeconds > PONG_SECONDS) return 'dead';
    if (nowSeconds - this.#pingSeconds < PING_SECONDS) return null;
    this.#pingSeconds = nowSeconds;
    return 'ping';
  }
}
