import type { ChaosNotice } from '../../wire/chaos-notice.ts';

/** What the panel says of what was last done. */
export type Told =
  | {
      readonly kind: 'done';
      readonly words: string;
      /** What was injected; null when something was undone. */
      readonly notice: ChaosNotice | null;
    }
  | { readonly kind: 'failed'; readonly words: string };

/** The server of a notice that has only one; null otherwise. */
export function onlyServer({ servers }: ChaosNotice): { readonly rackId: number; readonly serverId: number } | null {
  const [rack] = servers;
  const serverId = rack?.server_ids[0];
  if (rack === undefined || serverId === undefined || servers.length > 1 || rack.server_ids.length > 1) return null;
  return { rackId: rack.rack_id, serverId };
}
