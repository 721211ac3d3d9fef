interface Entry<T> {
  readonly dueSeconds: number;
  readonly value: T;
}

/** What waits for its time, the soonest first; of equal times the first that came. */
export class TimeOrderedQueue<T> {
  readonly #entries: Entry<T>[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** What leaves next. */
  get first(): Entry<T> | undefined {
    return this.#entries[0];
  }

  /** What leaves last. */
  get last(): Entry<T> | undefined {
    return this.#entries.at(-1);
  }

  insert(entry: Entry<T>): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.dueSeconds ?? 0) <= entry.dueSeconds) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
  }

  shift(): T | undefined {
    return this.#entries.shift()?.value;
  }
}
