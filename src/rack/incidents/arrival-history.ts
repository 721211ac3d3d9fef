import type { Sample } from '../../core/sample.ts';
import { createTone } from '../../core/tone.ts';
import {
  ArrivalCursor,
  type ArrivalVisitor,
  createRecordContext,
  MAX_RECORD_BYTES,
  type RecordContext,
} from './arrival-cursor.ts';

/** Two thousand arrivals of a clean stream: 100 s at 20 samples/s. With what holds it, below 11 KiB. */
const CAPACITY_BYTES = 9_984;

export interface HistoryOptions {
  /** Of the tone the server is expected to sing. */
  readonly frequencyHz: number;
  /** Nominal. */
  readonly sampleRateHz: number;
}

/**
 * The newest raw arrivals of one server, in the order in which they came: as many as fit some 10 KB. Adding one allocates
 * nothing and pushes out the oldest.
 */
export class ArrivalHistory {
  readonly #context: RecordContext;
  /** Behind the newest record. */
  readonly #head: ArrivalCursor;
  /** At the oldest record. */
  readonly #tail: ArrivalCursor;

  constructor({ frequencyHz, sampleRateHz }: HistoryOptions) {
    this.#context = createRecordContext(new Uint8Array(CAPACITY_BYTES), createTone(frequencyHz), sampleRateHz);
    this.#head = new ArrivalCursor(this.#context);
    this.#tail = new ArrivalCursor(this.#context);
  }

  /** @param receivedSeconds unix, the receiver's clock */
  add(sample: Sample, receivedSeconds: number): void {
    const mostUsed = CAPACITY_BYTES - MAX_RECORD_BYTES;
    while (this.#head.position - this.#tail.position > mostUsed) this.#tail.skip();
    this.#head.write(sample, receivedSeconds);
  }

  /** Reads from the oldest arrival that is held now; what comes later can be read later. */
  reader(): HistoryReader {
    const cursor = new ArrivalCursor(this.#context);
    cursor.moveTo(this.#tail);
    return new HistoryReader({ head: this.#head, tail: this.#tail, cursor });
  }
}

/** Reads a history that goes on being written. */
export class HistoryReader {
  readonly #head: ArrivalCursor;
  readonly #tail: ArrivalCursor;
  readonly #cursor: ArrivalCursor;

  constructor(cursors: { readonly head: ArrivalCursor; readonly tail: ArrivalCursor; readonly cursor: ArrivalCursor }) {
    this.#head = cursors.head;
    this.#tail = cursors.tail;
    this.#cursor = cursors.cursor;
  }

  /** Share of the history that was not read yet: at 1 the next arrivals push out what was not read. */
  get unreadShare(): number {
    return Math.min((this.#head.position - this.#cursor.position) / CAPACITY_BYTES, 1);
  }

  /** Gives every arrival that was not read yet, in order. What was pushed out meanwhile is passed over. */
  drain(visit: ArrivalVisitor): void {
    if (this.#cursor.position < this.#tail.position) this.#cursor.moveTo(this.#tail);
    while (this.#cursor.position < this.#head.position) this.#cursor.read(visit);
  }
}
