import type { SOCKET_REJECTIONS } from '../../metrics/rejections.ts';

export type SocketRejection = (typeof SOCKET_REJECTIONS)[number];

/** What the live socket counts. */
export class SocketCounts {
  /** Connected now. */
  clients = 0;
  sent = 0;
  /** Messages left out for clients that read too slowly. */
  dropped = 0;
  readonly #rejected = new Map<SocketRejection, number>();

  /** How many clients were turned away or cut so far for this reason. */
  rejected(reason: SocketRejection): number {
    return this.#rejected.get(reason) ?? 0;
  }

  reject(reason: SocketRejection): void {
    this.#rejected.set(reason, this.rejected(reason) + 1);
  }
}
