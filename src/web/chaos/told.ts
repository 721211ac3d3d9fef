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

/**
 * Whether what is told holds no longer: what was injected is in force neither after its end, or when it was undone, nor
 * for certain while nobody can be asked.
 * @param injections what is in force; null: not known
 */
export function isOver(told: Told | null, injections: readonly ChaosNotice[] | null, isLive: boolean): boolean {
  if (told?.kind !== 'done' || told.notice === null) return false;
  const { id } = told.notice;
  return !isLive || injections === null || !injections.some((notice) => notice.id === id);
}

/** The server of a notice that has only one; null otherwise. */
export function onlyServer({ servers }: ChaosNotice): { readonly rackId: number; readonly serverId: number } | null {
  const [rack] = servers;
  const serverId = rack?.server_ids[0];
  if (rack === undefined || serverId === undefined || servers.length > 1 || rack.server_ids.length > 1) return null;
  return { rackId: rack.rack_id, serverId };
}
