import type { Sample } from '../core/sample.ts';
import type { SampleLine } from './sample-line.ts';

const FIELDS = 6;
const FIRST_CAPACITY = 16;

/** The received samples of one server, as many as memory holds: 48 bytes each. */
export class Recording {
  readonly rackId: number;
  readonly serverId: number;
  /** seq, sent, received, im, re, boot id; NaN where a line has none. */
  #values = new Float64Array(FIELDS * FIRST_CAPACITY);
  #length = 0;
  /** Where its parts begin, ascending. */
  readonly #starts = [0];

  constructor(rackId: number, serverId: number) {
    this.rackId = rackId;
    this.serverId = serverId;
  }

  get length(): number {
    return this.#length;
  }

  add(line: SampleLine): void {
    const at = FIELDS * this.#length;
    if (at === this.#values.length) this.#grow();
    this.#values.set(
      [
        line.seq,
        line.sent_ts,
        line.recv_ts,
        line.wave_sample,
        line.quadrature_sample ?? Number.NaN,
        line.boot_id ?? Number.NaN,
      ],
      at,
    );
    this.#length++;
  }

  /** What follows was recorded by itself: the head of a capsule was read. */
  beginPart(): void {
    if (this.#starts.at(-1) !== this.#length) this.#starts.push(this.#length);
  }

  /** Receive times of the first and of the last sample of each part that has any, unix seconds. */
  parts(): readonly (readonly [fromSeconds: number, untilSeconds: number])[] {
    return this.#starts.flatMap((start, i) => {
      const end = this.#starts[i + 1] ?? this.#length;
      let [from, until] = [Infinity, -Infinity];
      for (let at = start; at < end; at++) {
        const seconds = this.receivedSeconds(at);
        from = Math.min(from, seconds);
        until = Math.max(until, seconds);
      }
      return start === end ? [] : [[from, until] as const];
    });
  }

  /** Indices of all samples in the order of their reception. */
  receptionOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#length }, (_, i) => i);
    return order.toSorted((a, b) => this.receivedSeconds(a) - this.receivedSeconds(b) || a - b);
  }

  /** The same without those that are there twice: received at the very same time, with the same number. */
  arrivalOrder(): Uint32Array {
    const order = this.receptionOrder();
    return order.filter((at, i) => i === 0 || !this.#isSameArrival(at, order[i - 1] ?? at));
  }

  receivedSeconds(i: number): number {
    return this.#values[FIELDS * i + 2] ?? Number.NaN;
  }

  sample(i: number): Sample {
    const [seq, sent, , im, re, boot] = this.#values.subarray(FIELDS * i, FIELDS * (i + 1));
    return {
      rackId: this.rackId,
      serverId: this.serverId,
      bootId: known(boot),
      sequence: (seq ?? 0) % 2 ** 32,
      sentSeconds: sent ?? 0,
      re: known(re),
      im: im ?? 0,
    };
  }

  #isSameArrival(a: number, b: number): boolean {
    const isSame = (field: number): boolean =>
      Object.is(this.#values[FIELDS * a + field], this.#values[FIELDS * b + field]);
    return isSame(0) && isSame(2) && isSame(5);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#values.length);
    larger.set(this.#values);
    this.#values = larger;
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
