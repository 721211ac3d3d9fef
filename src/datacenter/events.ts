import type { ChaosEvent, DatacenterEvent, FaultEvent, StatusEvent } from '../wire/api/datacenter-event.ts';

/** An event that has no id yet. */
export type Happening = Omit<StatusEvent, 'id'> | Omit<ChaosEvent, 'id'> | Omit<FaultEvent, 'id'>;

/** What an event may take on the average; only long lists of servers take more. */
const GRANTED_BYTES = 2048;
const LEAST_BYTES = 4 * 1024 * 1024;
/** What a rack in a list of servers takes, and each of its servers. */
const RACK_BYTES = 64;
const SERVER_BYTES = 8;

/** The latest events: at most so many, and fewer when they tell of very many servers. Older ones are forgotten. */
export class EventRing {
  readonly #capacity: number;
  readonly #maxBytes: number;
  readonly #onEvent: ((event: DatacenterEvent) => void) | undefined;
  /** The event of an id is at its remainder. */
  readonly #events: (DatacenterEvent | undefined)[] = [];
  #held = 0;
  #bytes = 0;
  #total = 0;

  constructor(capacity: number, onEvent?: (event: DatacenterEvent) => void) {
    this.#capacity = capacity;
    this.#maxBytes = Math.max(LEAST_BYTES, capacity * GRANTED_BYTES);
    this.#onEvent = onEvent;
  }

  /** Events ever recorded, those no longer held included. */
  get total(): number {
    return this.#total;
  }

  /** Remembers what happened and gives it its id. */
  push(happening: Happening): void {
    const event = { id: this.#total + 1, ...happening };
    if (this.#held === this.#capacity) this.#forgetOldest();
    this.#total++;
    this.#held++;
    this.#bytes += bytesOf(event);
    this.#events[event.id % this.#capacity] = event;
    while (this.#bytes > this.#maxBytes && this.#held > 1) this.#forgetOldest();
    this.#onEvent?.(event);
  }

  /** At most `limit` events, the one learned last first. */
  newest(limit: number): DatacenterEvent[] {
    const count = Math.min(limit, this.#held);
    return Array.from({ length: count }, (_, back) => this.#events[(this.#total - back) % this.#capacity]).filter(
      (event) => event !== undefined,
    );
  }

  /** The id that the oldest event has that is held; one more than `total` when none is. */
  get oldestId(): number {
    return this.#total - this.#held + 1;
  }

  /** Undefined when it is not held. */
  at(id: number): DatacenterEvent | undefined {
    return id < this.oldestId || id > this.#total ? undefined : this.#events[id % this.#capacity];
  }

  #forgetOldest(): void {
    const at = (this.#total - this.#held + 1) % this.#capacity;
    const oldest = this.#events[at];
    this.#events[at] = undefined;
    this.#held--;
    if (oldest !== undefined) this.#bytes -= bytesOf(oldest);
  }
}

/** About what an event takes: all texts have their limits, only the list of servers is long. */
function bytesOf(event: DatacenterEvent): number {
  if (event.scope !== 'chaos') return GRANTED_BYTES;
  return event.chaos.servers.reduce(
    (sum, { server_ids: ids }) => sum + RACK_BYTES + ids.length * SERVER_BYTES,
    GRANTED_BYTES,
  );
}
