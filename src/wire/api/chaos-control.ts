import type { ChaosNotice } from '../chaos-notice.ts';

// How chaos is done over the API, where the datacenter was told how its lab is controlled.

/** `GET /api/v1/chaos`. */
export interface ChaosStatus {
  /** What is injected now, by whomever, oldest first. */
  readonly injections: readonly ChaosNotice[];
  readonly control: ChaosControlStatus;
}

export interface ChaosControlStatus {
  /** Whether this API can inject. */
  readonly available: boolean;
  /** Why it cannot, and what to do; null when it can. */
  readonly reason: string | null;
}

/**
 * `POST /api/v1/chaos/injections`, with the control token as bearer. The words are those of scenario files and flags.
 * What it answers is the `ChaosNotice` of what is in force.
 */
export interface InjectRequest {
  /** At least one. */
  readonly rack_ids: readonly number[];
  /** Of each of these racks; null: all of them. */
  readonly server_ids: readonly number[] | null;
  /** As in a scenario: `{"loss": "20%"}`, `{"delay": "200ms", "jitter": "20ms"}`, `{"rate": "1mbit"}`. */
  readonly inject: Readonly<Record<string, string | number>>;
  /** Only for a while, again and again: `{"every": "5s", "for": "300ms"}`. Null or left out: all the time. */
  readonly pulse?: { readonly every: string; readonly for: string } | null;
  /** `60s`; at most an hour. */
  readonly duration: string;
}

/** `DELETE /api/v1/chaos/injections/:id` and `DELETE /api/v1/chaos/injections`. */
export interface ClearAnswer {
  readonly cleared_ids: readonly string[];
}
