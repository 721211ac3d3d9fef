import type { NetemQueue } from '../netem/netem-queue.ts';
import type { Injection } from '../wire/injection.ts';
import { timelineAt } from '../wire/injection-timeline.ts';

export interface ImpairedServerOptions {
  readonly injection: Injection;
  /** Unix seconds. */
  readonly beganSeconds: number;
  readonly queue: NetemQueue;
}

/** A server whose network is broken: its queue, always in the phase that the time says. Times are Unix seconds. */
export class ImpairedServer {
  readonly injection: Injection;
  readonly beganSeconds: number;
  readonly queue: NetemQueue;
  #changeSeconds = -Infinity;

  constructor({ injection, beganSeconds, queue }: ImpairedServerOptions) {
    this.injection = injection;
    this.beganSeconds = beganSeconds;
    this.queue = queue;
    this.advance(beganSeconds);
  }

  /** When `advance` has something to do; Infinity: never. */
  get changeSeconds(): number {
    return this.#changeSeconds;
  }

  /** When it ends by itself; null: never. */
  get untilSeconds(): number | null {
    const { durationSeconds } = this.injection;
    return durationSeconds === null ? null : this.beganSeconds + durationSeconds;
  }

  /** Goes on to the phase of this time. What waits keeps its time. Returns false once the injection is over. */
  advance(nowSeconds: number): boolean {
    if (nowSeconds < this.#changeSeconds) return true;
    const { impairment, untilSeconds, isOver } = timelineAt(this.injection, nowSeconds - this.beganSeconds);
    this.#changeSeconds = this.beganSeconds + untilSeconds;
    this.queue.change(impairment);
    return !isOver;
  }
}
