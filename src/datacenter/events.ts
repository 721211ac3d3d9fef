import type { GroupStatus, ServerStatus } from '../core/verdict.ts';

/** A change of status, as the API gives it; hence snake_case. */
export interface StatusEvent {
  /** Counts up from 1 in the order in which the datacenter learned of the changes. */
  readonly id: number;
  /**
   * Unix seconds. Of what a report said: the report's own time, so that a backlog tells of the past when it comes. Of
   * reports that stopped or came back: the datacenter's clock.
   */
  readonly timestamp: number;
  readonly scope: 'server' | 'rack' | 'datacenter';
  /** Null for the datacenter. */
  readonly rack_id: number | null;
  /** Null for racks and the datacenter. */
  readonly server_id: number | null;
  /** Human name; the datacenter's id for itself. */
  readonly name: string | null;
  /** Null when the first that was ever heard of a server was bad. */
  readonly from: ServerStatus | GroupStatus | null;
  readonly to: ServerStatus | GroupStatus;
  /** Of a server. */
  readonly spectral_error: number | null;
  /** Of a rack or the datacenter. */
  readonly health_score: number | null;
}

/** The latest events, at most so many; older ones are overwritten. */
export class EventRing {
  readonly #capacity: number;
  readonly #onEvent: ((event: StatusEvent) => void) | undefined;
  readonly #events: StatusEvent[] = [];
  #total = 0;

  constructor(capacity: number, onEvent?: (event: StatusEvent) => void) {
    this.#capacity = capacity;
    this.#onEvent = onEvent;
  }

  /** Events ever recorded, those no longer held included. */
  get total(): number {
    return this.#total;
  }

  /** Remembers a change and gives it its id. */
  push(change: Omit<StatusEvent, 'id'>): void {
    const event = { id: this.#total + 1, ...change };
    this.#events[this.#total % this.#capacity] = event;
    this.#total++;
    this.#onEvent?.(event);
  }

  /** At most `limit` events, the one learned last first. */
  newest(limit: number): StatusEvent[] {
    const count = Math.min(limit, this.#events.length);
    return Array.from({ length: count }, (_, back) => this.#events[(this.#total - 1 - back) % this.#capacity]).filter(
      (event) => event !== undefined,
    );
  }
}
