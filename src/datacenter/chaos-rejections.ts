import type { CHAOS_REJECTIONS } from '../metrics/rejections.ts';

export type ChaosRejection = (typeof CHAOS_REJECTIONS)[number];

/** Announcements of chaos that were turned away. */
export class ChaosRejections {
  readonly #counts = new Map<ChaosRejection, number>();

  /** How many were turned away so far for this reason. */
  count(reason: ChaosRejection): number {
    return this.#counts.get(reason) ?? 0;
  }

  add(reason: ChaosRejection): void {
    this.#counts.set(reason, this.count(reason) + 1);
  }
}
