import type { Severity } from '../verdict.ts';

/** Whether a fault stands, since when, and when that was known. Seconds are unix seconds of the receiver's clock. */
export class Alarm {
  isOpen = false;
  sinceSeconds = 0;
  foundSeconds = 0;
  /** Counts openings and endings, so that whoever looks can tell that something changed. */
  changes = 0;
  /** As it was told last: what is at the edge of a severity keeps it. */
  severity: Severity = 'info';

  /** The most evidence there was since it began, in thresholds. */
  #evidence = 0;

  /** How sure it is: 0.9 at the threshold, 0.99 at twice the threshold, 0.9999 at most. */
  get confidence(): number {
    return 1 - 10 ** -Math.min(this.#evidence, 4);
  }

  /** @param evidence a sum of log likelihood ratios, in thresholds */
  strengthen(evidence: number): void {
    if (evidence > this.#evidence) this.#evidence = evidence;
  }

  /** Opens it, unless it is open: then since when it stands remains as it was told. */
  open(sinceSeconds: number, nowSeconds: number): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.#evidence = 1;
    this.severity = 'info';
    this.sinceSeconds = Math.min(sinceSeconds, nowSeconds);
    this.foundSeconds = nowSeconds;
    this.changes++;
  }

  /** Idempotent. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.changes++;
  }
}
