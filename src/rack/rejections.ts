import type { RACK_REJECTIONS } from '../metrics/rejections.ts';
import type { RejectReason } from '../wire/reject-reason.ts';

/** Why a rack turned a well-formed datagram away. */
export type RackRejectReason = (typeof RACK_REJECTIONS)[number];

export type RejectionReason = RejectReason | RackRejectReason;

/** Counts rejected datagrams by reason; the reasons are a closed set, so this stays small. */
export class Rejections {
  readonly #counts = new Map<RejectionReason, number>();

  add(reason: RejectionReason, by = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + by);
  }

  count(reason: RejectionReason): number {
    return this.#counts.get(reason) ?? 0;
  }
}
