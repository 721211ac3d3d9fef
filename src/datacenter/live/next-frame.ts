import type { StreamFrame } from '../../wire/api/frame.ts';
import type { Watches } from './watches.ts';

/** Watches a server until its next frame, at most so long; null when none came. */
export async function nextFrame(
  watches: Watches,
  server: { readonly rackId: number; readonly serverId: number },
  deadlineMs: number,
): Promise<StreamFrame | null> {
  const { promise, resolve } = Promise.withResolvers<StreamFrame | null>();
  const timer = setTimeout(() => resolve(null), deadlineMs);
  const handle = watches.watch(server.rackId, server.serverId, resolve);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    handle.release();
  }
}
