/** A report on its way: encoded once, kept until the datacenter is known to have it. */
export interface QueuedReport {
  /** One above that of the report before it. */
  readonly sequence: number;
  /** All lines of the report, newlines included. */
  readonly bytes: Buffer;
}

/**
 * Reports in order, oldest first. Bounded in number and in bytes; what finds no room pushes out the oldest, which is
 * counted. The oldest ones are flushed, then some are written, then come those that wait.
 */
export class ReportQueue {
  readonly #maxReports: number;
  readonly #maxBytes: number;
  readonly #reports: QueuedReport[] = [];
  #bytes = 0;
  #dropped = 0;
  /** How many of the oldest were written to this connection. */
  #written = 0;
  /** How many of those the kernel took; they may still be lost with the connection. */
  #flushed = 0;

  constructor(limits: { maxReports: number; maxBytes: number }) {
    this.#maxReports = limits.maxReports;
    this.#maxBytes = limits.maxBytes;
  }

  get length(): number {
    return this.#reports.length;
  }

  /** Reports pushed out by newer ones, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  push(report: QueuedReport): void {
    this.#reports.push(report);
    this.#bytes += report.bytes.length;
    while (this.#reports.length > 1 && (this.#reports.length > this.#maxReports || this.#bytes > this.#maxBytes)) {
      this.#removeOldest(1);
      this.#dropped++;
    }
  }

  /** The oldest report that was not written to this connection yet. */
  next(): QueuedReport | null {
    return this.#reports[this.#written] ?? null;
  }

  /** This report, the one `next` gave, was written. */
  markWritten(sequence: number): void {
    this.#written = Math.max(this.#written, this.#countUpTo(sequence));
  }

  /** The kernel took this report and all before it. */
  markFlushed(sequence: number): void {
    this.#flushed = Math.max(this.#flushed, Math.min(this.#countUpTo(sequence), this.#written));
  }

  /** The datacenter has every report up to this one. */
  acknowledge(sequence: number): void {
    this.#removeOldest(this.#countUpTo(sequence));
  }

  /** For a datacenter that does not acknowledge: what the kernel took counts as delivered. */
  forgetFlushed(): void {
    this.#removeOldest(this.#flushed);
  }

  /** The connection is gone: everything still here is to be written again. */
  rewind(): void {
    this.#written = 0;
    this.#flushed = 0;
  }

  #countUpTo(sequence: number): number {
    const oldest = this.#reports[0];
    return oldest ? Math.min(Math.max(sequence - oldest.sequence + 1, 0), this.#reports.length) : 0;
  }

  #removeOldest(count: number): void {
    for (const { bytes } of this.#reports.splice(0, count)) this.#bytes -= bytes.length;
    this.#written = Math.max(this.#written - count, 0);
    this.#flushed = Math.max(this.#flushed - count, 0);
  }
}
