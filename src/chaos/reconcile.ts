import { systemSeconds } from '../io/clock.ts';
import { messageOf } from '../io/error-text.ts';
import { printable } from '../terminal/display-width.ts';
import { fetchChaos } from '../terminal/fetch-chaos.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import { createAnnouncer } from './announcer.ts';
import { warn, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { serverName } from './server-ids.ts';
import type { Target } from './target.ts';

const TIMEOUT_MS = 5000;
/** What is so near to its end, the datacenter ends by itself, and rightly says that its time was over. */
const NEAR_END_SECONDS = 5;

/**
 * Tells the datacenter of the end of what it takes for active and nobody holds any more: what was replaced, or ended
 * with its holder, when whoever had announced it was gone. Only of injections on servers of this target. Never throws:
 * what does not work is a warning at most.
 */
export async function reconcile(reach: Reach, output: ChaosOutput, signal: AbortSignal): Promise<void> {
  const { target, apiUrl, token } = reach;
  if (token === null) return;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    // Asked first: what is announced is in force already, and so the target knows it if it still is.
    const active = await fetchChaos(apiUrl, { timeoutMs: TIMEOUT_MS, signal: bounded });
    if (active === null || active.length === 0) return;
    for (const notice of await phantomsOf(target, active, bounded)) {
      if (signal.aborted) return;
      // oxlint-disable-next-line no-await-in-loop -- events in the order in which they began
      await endPhantom(reach, output, notice);
    }
  } catch (error) {
    if (signal.aborted) return;
    warn(output, `whether the datacenter shows what is over already is not known: ${messageOf(error)}`);
  }
}

/** Notices of this target that it does not hold. */
async function phantomsOf(
  target: Target,
  active: readonly ChaosNotice[],
  signal: AbortSignal,
): Promise<readonly ChaosNotice[]> {
  const [all, held] = await Promise.all([target.list(signal), target.status(signal)]);
  const [listed, ids] = [new Set(all.map(serverName)), new Set(held.map(({ id }) => id))];
  const latest = systemSeconds() + NEAR_END_SECONDS;
  return active.filter(
    (notice) =>
      notice.target === target.name &&
      !ids.has(notice.id) &&
      (notice.until === null || notice.until > latest) &&
      serversOf(notice).every((name) => listed.has(name)),
  );
}

function serversOf({ servers }: ChaosNotice): readonly string[] {
  return servers.flatMap(({ rack_id: rackId, server_ids: ids }) =>
    ids.map((serverId) => serverName({ rackId, serverId })),
  );
}

async function endPhantom(reach: Reach, output: ChaosOutput, { id, description, scope }: ChaosNotice): Promise<void> {
  const why = await createAnnouncer(reach).end({ id, ended_at: systemSeconds(), reason: 'cleared' });
  const what = printable(`${description} on ${scope} (id ${id})`);
  warn(
    output,
    why === null
      ? `the datacenter still showed ${what}, which nobody holds any more: told it so`
      : `the datacenter shows ${what}, which nobody holds any more: ${why}`,
  );
}
