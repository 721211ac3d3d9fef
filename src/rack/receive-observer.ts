import type { Fault } from '../core/verdict.ts';
import type { ReceiveLag } from './receive-lag.ts';

/** A receive thread later than this may have stamped datagrams late enough to be taken for jitter. */
const NOTABLE_LAG_SECONDS = 0.02;

/** Tells when the rack itself was late, so that what it heard then is held against the observer, not against servers. */
export class ReceiveObserver {
  readonly #lag: ReceiveLag;
  readonly #memorySeconds: number;
  #worstLagSeconds = 0;
  #sinceSeconds = 0;
  #untilSeconds = Number.NEGATIVE_INFINITY;

  /** @param memorySeconds length of a window: for so long a late moment stays in what is judged */
  constructor(lag: ReceiveLag, memorySeconds: number) {
    this.#lag = lag;
    this.#memorySeconds = memorySeconds;
  }

  /** Takes notice of the lag since the last call. */
  observe(nowSeconds: number): void {
    const lagSeconds = this.#lag.takeMaxSeconds();
    if (lagSeconds < NOTABLE_LAG_SECONDS) return;
    if (nowSeconds > this.#untilSeconds) {
      this.#sinceSeconds = nowSeconds;
      this.#worstLagSeconds = 0;
    }
    this.#worstLagSeconds = Math.max(this.#worstLagSeconds, lagSeconds);
    this.#untilSeconds = nowSeconds + this.#memorySeconds;
  }

  /** The `observer` fault, while a late moment lies in the window. */
  fault(nowSeconds: number): Fault | null {
    if (nowSeconds > this.#untilSeconds) return null;
    return {
      kind: 'observer',
      since: this.#sinceSeconds,
      severity: 'info',
      confidence: 1,
      parameters: { lag_seconds: this.#worstLagSeconds },
    };
  }
}
