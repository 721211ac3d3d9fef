import type { RejectReason } from '../wire/reject-reason.ts';

/** Why a rack turned a well-formed datagram away. */
export type RackRejectReason =
  /** It names another rack. */
  | 'wrong-rack'
  /** The rack was told whom to expect, and this is somebody else. */
  | 'unexpected-server'
  /** The frequency plan has no tone for such a server id. */
  | 'no-tone'
  /** `--max-servers` are held already. */
  | 'too-many-servers'
  /** Authenticated, but sent too far from the rack's own time. */
  | 'stale'
  /** Authenticated, but older than what is known of that server. */
  | 'replay'
  /** A sequence number that time does not allow. */
  | 'implausible'
  /** The analysis fell behind and the ring to it was full. */
  | 'ring-full';

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
