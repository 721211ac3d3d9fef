import type { DatacenterHealth, RackHealth, Verdict } from '../../core/verdict.ts';
import type { DatacenterEvent } from './datacenter-event.ts';
import type { StreamFrame } from './frame.ts';
import type { RackHistory, ServerHistory } from './history.ts';

// What goes over `/ws`: JSON texts. A client subscribes to topics; each begins with a snapshot, and changes follow.

/** The subprotocol of the socket. A token travels as a second one, `bearer.` and the token in base64url. */
export const SOCKET_PROTOCOL = 'netwatch.v1';
export const BEARER_PROTOCOL_PREFIX = 'bearer.';

/** `server:2/5` is server 5 of rack 2. */
export type Topic = 'health' | 'events' | `server:${number}/${number}`;

export type ClientMessage =
  { readonly type: 'subscribe'; readonly topic: Topic } | { readonly type: 'unsubscribe'; readonly topic: Topic };

/** The tree, and what each rack's score was lately, by rack id. */
export interface HealthSnapshot extends DatacenterHealth {
  readonly history: Readonly<Record<string, RackHistory>>;
}

/** What changed in the tree since the last message. */
export interface HealthChange {
  readonly timestamp: number;
  readonly health_score: number | null;
  readonly status: DatacenterHealth['status'];
  /** Racks that reported, or fell silent. `servers` has only those with a change worth showing. */
  readonly racks: readonly RackHealth[];
  readonly forgotten_rack_ids: readonly number[];
  /** Servers that are no longer expected. */
  readonly forgotten_servers: readonly { readonly rack_id: number; readonly server_ids: readonly number[] }[];
}

/** Newest first. */
export interface EventsSnapshot {
  readonly events: readonly DatacenterEvent[];
}

export interface ServerSnapshot {
  readonly verdict: Verdict | null;
  readonly history: ServerHistory;
}

/** One of both, or both. */
export interface ServerChange {
  readonly verdict?: Verdict;
  /** Unix seconds of the report that brought the verdict, the rack's clock, as in the history. */
  readonly timestamp?: number;
  readonly frame?: StreamFrame;
}

export type ServerMessage =
  /** The first message of a connection. */
  | { readonly type: 'hello'; readonly dc_id: string; readonly version: string; readonly timestamp: number }
  | { readonly type: 'snapshot'; readonly topic: 'health'; readonly data: HealthSnapshot }
  | { readonly type: 'change'; readonly topic: 'health'; readonly data: HealthChange }
  | { readonly type: 'snapshot'; readonly topic: 'events'; readonly data: EventsSnapshot }
  /** The events since the last message, newest first; when they are too many, a snapshot comes in its place. */
  | { readonly type: 'change'; readonly topic: 'events'; readonly data: EventsSnapshot }
  | { readonly type: 'snapshot'; readonly topic: `server:${number}/${number}`; readonly data: ServerSnapshot }
  | { readonly type: 'change'; readonly topic: `server:${number}/${number}`; readonly data: ServerChange }
  /** This client reads too slowly, and so many messages were left out since the connection began. */
  | { readonly type: 'slow'; readonly dropped: number }
  /** What the client asked cannot be done; the connection stays. */
  | { readonly type: 'problem'; readonly topic: string | null; readonly detail: string };
