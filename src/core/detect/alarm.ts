/** Whether a fault stands, since when, and when that was known. Seconds are unix seconds of the receiver's clock. */
export class Alarm {
  isOpen = false;
  sinceSeconds = 0;
  foundSeconds = 0;
  /** Counts openings and endings, so that whoever looks can tell that something changed. */
  changes = 0;

  open(sinceSeconds: number, nowSeconds: number): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.sinceSeconds = Math.min(sinceSeconds, nowSeconds);
    this.foundSeconds = nowSeconds;
    this.changes++;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.changes++;
  }
}

/**
 * How sure a claim is whose evidence (the logarithm of a likelihood ratio) has come so far: 0.9 at the threshold, 0.99
 * at twice the threshold.
 */
export function confidenceOf(evidence: number, threshold: number): number {
  return 1 - 10 ** -Math.min(evidence / threshold, 4);
}
