import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { narrowed } from './notice.ts';
import { serverName } from './server-ids.ts';
import type { Target } from './target.ts';

const TIMEOUT_MS = 5000;
/** What is so near to its end, the datacenter ends by itself, and rightly says that its time was over. */
const NEAR_END_SECONDS = 5;

/** What the datacenter takes for active, and what of it is not so. */
export interface Findings {
  /** Nobody holds them. */
  readonly phantoms: readonly ChaosNotice[];
  readonly narrower: readonly Narrower[];
}

/** An injection that is held on fewer of its servers than it is shown on. */
export interface Narrower {
  readonly shown: ChaosNotice;
  /** As it is now. */
  readonly held: ChaosNotice;
}

/**
 * Holds what a datacenter shows against what is in force. Only injections on servers of this target. Asks the target for
 * a bounded time of its own, however long a datacenter took to be told.
 * @param active what is shown, asked for before: what is shown is in force already, so the target knows it if it still is
 * @param nowSeconds Unix seconds, on the clock of whoever shows it
 * @throws as the target's `status` does
 */
export async function compareShown(
  target: Target,
  active: readonly ChaosNotice[],
  { signal, nowSeconds }: { readonly signal: AbortSignal; readonly nowSeconds: number },
): Promise<Findings> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const [all, held] = await Promise.all([target.list(bounded), target.status(bounded)]);
  const listed = new Set(all.map(serverName));
  const latest = nowSeconds + NEAR_END_SECONDS;
  const ours = active.filter(
    (notice) =>
      notice.target === target.name &&
      (notice.until === null || notice.until > latest) &&
      serversOf(notice).every((name) => listed.has(name)),
  );
  const holders = Map.groupBy(held, ({ id }) => id);
  const narrower = ours.flatMap((notice) => {
    const on = new Set(holders.get(notice.id)?.map(({ server }) => serverName(server)));
    const said = serversOf(notice);
    if (on.size === 0 || said.every((name) => on.has(name))) return [];
    const left = all.filter((server) => on.has(serverName(server)));
    return { shown: notice, held: narrowed(notice, { servers: left, all }) };
  });
  return { phantoms: ours.filter(({ id }) => !holders.has(id)), narrower };
}

function serversOf({ servers }: ChaosNotice): readonly string[] {
  return servers.flatMap(({ rack_id: rackId, server_ids: ids }) =>
    ids.map((serverId) => serverName({ rackId, serverId })),
  );
}
