import type { CONNECTION_REJECTIONS } from '../metrics/rejections.ts';

export type ConnectionRejection = (typeof CONNECTION_REJECTIONS)[number];

/** The connections of the report port. */
export class ConnectionCounts {
  /** Open now. */
  open = 0;
  readonly #rejected = new Map<ConnectionRejection, number>();

  /** How many were turned away or cut so far for this reason. */
  rejected(reason: ConnectionRejection): number {
    return this.#rejected.get(reason) ?? 0;
  }

  reject(reason: ConnectionRejection): void {
    this.#rejected.set(reason, this.rejected(reason) + 1);
  }
}
