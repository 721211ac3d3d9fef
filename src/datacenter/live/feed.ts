import type { ServerMessage } from '../../wire/api/socket.ts';

/**
 * What a topic has to say: a snapshot to who begins, changes to all. Messages are encoded once, however many clients
 * they go to. A snapshot may be newer than the last change, so that the next change repeats some of it.
 */
export interface Feed {
  snapshot(nowSeconds: number): Buffer;
  /** What changed since it was last asked; null when nothing did, or when it is too early to say. */
  change(nowSeconds: number): Buffer | null;
  /** What who subscribes must know besides; null: nothing. */
  notice(): string | null;
  close(): void;
}

export function encodeMessage(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
