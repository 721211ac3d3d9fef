/**
 * What an injector tells a datacenter, as `POST /api/v1/chaos/begin` and `…/end` carry it; hence snake_case. The
 * datacenter ends an injection by itself when its time is over: the injector may be dead by then.
 */
export interface ChaosNotice {
  /** Of the injection, 12 hex digits. */
  readonly id: string;
  /** `lab`, `netns`, `docker`, `kubernetes`. */
  readonly target: string;
  /** Which servers, for people and as a label: `rack 0`, `rack 0 server 3`, `racks 0-3`, `10 servers of 2 racks`. */
  readonly scope: string;
  /** Kinds of impairment: `delay`, `loss`, … at least one. */
  readonly kinds: readonly string[];
  /** `delay 200 ms, loss 20 %`. */
  readonly description: string;
  readonly servers: readonly { readonly rack_id: number; readonly server_ids: readonly number[] }[];
  /** Unix seconds. */
  readonly began_at: number;
  /** Unix seconds; null: until it is cleared. */
  readonly until: number | null;
}
