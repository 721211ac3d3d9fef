/** Room for some 30 000 samples: a third of a second at 100 000 datagrams/s, half a minute in a rack of 40 servers. */
const DEFAULT_CAPACITY_BYTES = 2 ** 21;
/** A datagram longer than this is no form that racks know; the longest, an announcement, has 544 bytes. */
const MAX_DATAGRAM_BYTES = 1024;
/** Length (4), doubt (4) and receive time (8) before the bytes. */
const ENTRY_HEADER_BYTES = 16;
const SKIP_TO_START = 0xffffffff;
const WRITTEN = 0;
const READ = 1;
const DROPPED_FULL = 2;
const DROPPED_LONG = 3;
const HEADER_WORDS = 4;

/** The memory both threads share; structured-cloneable. */
export interface ArrivalRingMemory {
  readonly header: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/**
 * Called for each datagram, in order. The bytes lie in `view` from `offset` and are gone after the call. It came at
 * `receivedSeconds`, unix, or up to `doubtSeconds` before. Plain parameters, since an object for each of 100 000
 * datagrams a second is not free.
 */
export type ArrivalHandler = (
  view: DataView,
  offset: number,
  length: number,
  receivedSeconds: number,
  doubtSeconds: number,
) => void;

/** @param capacityBytes a power of two */
export function allocateArrivalRing(capacityBytes: number = DEFAULT_CAPACITY_BYTES): ArrivalRingMemory {
  return { header: new SharedArrayBuffer(4 * HEADER_WORDS), bytes: new SharedArrayBuffer(capacityBytes) };
}

/**
 * Datagrams on their way from the receive thread to the analysis, with the time of their reception: a ring with one
 * writer and one reader, no locks, no allocation. What finds no room is dropped and counted.
 *
 * An entry: length u32, doubt float32 (seconds), receive time float64 (unix seconds), bytes, padded to 8. Positions only grow; they
 * are taken modulo the capacity, a power of two, and compared modulo 2³².
 */
class ArrivalRing {
  protected readonly header: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly view: DataView;
  protected readonly capacity: number;

  constructor(memory: ArrivalRingMemory) {
    this.header = new Int32Array(memory.header);
    this.bytes = new Uint8Array(memory.bytes);
    this.view = new DataView(memory.bytes);
    this.capacity = memory.bytes.byteLength;
  }

  protected position(word: number): number {
    return Atomics.load(this.header, word);
  }

  protected offsetOf(position: number): number {
    return position & (this.capacity - 1);
  }
}

/** The receive thread's end. */
export class ArrivalWriter extends ArrivalRing {
  /**
   * Copies a datagram in, or counts it as dropped.
   * @param doubtSeconds by how much the receive time may be too late
   */
  write(datagram: Uint8Array, receivedSeconds: number, doubtSeconds = 0): void {
    if (datagram.length > MAX_DATAGRAM_BYTES) {
      Atomics.add(this.header, DROPPED_LONG, 1);
      return;
    }
    const size = entryBytes(datagram.length);
    let position = this.position(WRITTEN);
    const untilEnd = this.capacity - this.offsetOf(position);
    const skipped = untilEnd < size ? untilEnd : 0;
    const used = (position - this.position(READ)) >>> 0;
    if (used + skipped + size > this.capacity) {
      Atomics.add(this.header, DROPPED_FULL, 1);
      return;
    }
    if (skipped > 0) {
      this.view.setUint32(this.offsetOf(position), SKIP_TO_START, true);
      position = (position + skipped) | 0;
    }
    const at = this.offsetOf(position);
    this.view.setUint32(at, datagram.length, true);
    this.view.setFloat32(at + 4, doubtSeconds, true);
    this.view.setFloat64(at + 8, receivedSeconds, true);
    this.bytes.set(datagram, at + ENTRY_HEADER_BYTES);
    Atomics.store(this.header, WRITTEN, (position + size) | 0);
  }
}

/** The analysis' end. */
export class ArrivalReader extends ArrivalRing {
  /** Datagrams dropped because the ring was full, since the start. */
  get droppedFull(): number {
    return this.position(DROPPED_FULL) >>> 0;
  }

  /** Datagrams dropped because they were too long, since the start. */
  get droppedLong(): number {
    return this.position(DROPPED_LONG) >>> 0;
  }

  /** Hands every datagram that lies in the ring now to the handler; what comes meanwhile waits for the next call. */
  drain(handle: ArrivalHandler): void {
    const end = this.position(WRITTEN);
    let position = this.position(READ);
    while (position !== end) {
      const at = this.offsetOf(position);
      const length = this.view.getUint32(at, true);
      if (length === SKIP_TO_START) {
        position = (position + this.capacity - at) | 0;
        continue;
      }
      const doubtSeconds = this.view.getFloat32(at + 4, true);
      handle(this.view, at + ENTRY_HEADER_BYTES, length, this.view.getFloat64(at + 8, true), doubtSeconds);
      position = (position + entryBytes(length)) | 0;
      Atomics.store(this.header, READ, position);
    }
    Atomics.store(this.header, READ, position);
  }
}

function entryBytes(length: number): number {
  return ENTRY_HEADER_BYTES + ((length + 7) & ~7);
}
