import type { Impairment } from '../netem/impairment.ts';

/** Seen from the server: what it sends, what it receives. */
export const DIRECTIONS = ['egress', 'ingress', 'both'] as const;

export type Direction = (typeof DIRECTIONS)[number];

/** A part of an injection: what is wrong for how long. */
export interface Phase {
  /** Above 0. Of the last phase of an injection that does not repeat it says nothing: that one lasts to the end. */
  readonly seconds: number;
  /** Null: nothing is wrong in this phase. */
  readonly impairment: Impairment | null;
}

/**
 * Something to break, and until when. Whoever holds it (the lab's agent, the helper container, the watchdog) runs its
 * phases and undoes it by itself when its time is over, whatever became of the injector.
 */
export interface Injection {
  /** 12 hex digits, another for each injection. */
  readonly id: string;
  /** At least one. A plain injection has one, a ramp has many, a stall every 5 s has two that repeat. */
  readonly phases: readonly Phase[];
  /** The phases begin anew until the duration is over. */
  readonly repeats: boolean;
  /** Null: until it is cleared. */
  readonly durationSeconds: number | null;
  readonly direction: Direction;
  /** Packets from or to these ports, TCP and UDP, are left alone. */
  readonly sparePorts: readonly number[];
  /** 0 to 2^32 - 1, mixed with the rack and server id so that no two servers draw alike; null: unseeded. */
  readonly seed: number | null;
}
