/** A report on its way: encoded once, kept until the datacenter is known to have it. */
export interface QueuedReport {
  readonly sequence: number;
  /** All lines of the report, newlines included. */
  readonly bytes: Buffer;
}

interface Entry {
  readonly report: QueuedReport;
  isWritten: boolean;
  /** True once the kernel took it; it may still be lost with the connection. */
  isFlushed: boolean;
}

/**
 * Reports in order, oldest first. Bounded in number and in bytes; what finds no room pushes out the oldest, which is
 * counted.
 */
export class ReportQueue {
  readonly #maxReports: number;
  readonly #maxBytes: number;
  #entries: Entry[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(limits: { maxReports: number; maxBytes: number }) {
    this.#maxReports = limits.maxReports;
    this.#maxBytes = limits.maxBytes;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Reports pushed out by newer ones, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  push(report: QueuedReport): void {
    this.#entries.push({ report, isWritten: false, isFlushed: false });
    this.#bytes += report.bytes.length;
    while (this.#entries.length > 1 && (this.#entries.length > this.#maxReports || this.#bytes > this.#maxBytes)) {
      this.#bytes -= this.#entries.shift()?.report.bytes.length ?? 0;
      this.#dropped++;
    }
  }

  /** The oldest report that was not written to this connection yet. */
  next(): QueuedReport | null {
    return this.#entries.find((entry) => !entry.isWritten)?.report ?? null;
  }

  markWritten(sequence: number): void {
    const entry = this.#find(sequence);
    if (entry) entry.isWritten = true;
  }

  markFlushed(sequence: number): void {
    const entry = this.#find(sequence);
    if (entry?.isWritten) entry.isFlushed = true;
  }

  /** The datacenter has every report up to this one. */
  acknowledge(sequence: number): void {
    this.#keep((entry) => entry.report.sequence > sequence);
  }

  /** For a datacenter that does not acknowledge: what the kernel took counts as delivered. */
  forgetFlushed(): void {
    this.#keep((entry) => !entry.isFlushed);
  }

  /** The connection is gone: everything still here is to be written again. */
  rewind(): void {
    for (const entry of this.#entries) {
      entry.isWritten = false;
      entry.isFlushed = false;
    }
  }

  #find(sequence: number): Entry | undefined {
    return this.#entries.find((entry) => entry.report.sequence === sequence);
  }

  #keep(predicate: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter(predicate);
    this.#bytes = this.#entries.reduce((total, entry) => total + entry.report.bytes.length, 0);
  }
}
