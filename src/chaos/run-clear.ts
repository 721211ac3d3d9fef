import { systemSeconds } from '../io/clock.ts';
import { countText } from '../terminal/number-text.ts';
import { createAnnouncer } from './announcer.ts';
import { giveJson, heldJson, say, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { undo } from './inject.ts';
import { reconcile } from './reconcile.ts';
import { isSelected, scopeText, selectServers, type Selection } from './select-servers.ts';
import { isSameServer } from './server-ids.ts';
import type { HeldInjection, TargetServer } from './target.ts';

export interface RunClearOptions {
  readonly selection: Selection;
  /** Only say what would be undone. */
  readonly dryRun: boolean;
  readonly reach: Reach;
  readonly output: ChaosOutput;
  readonly signal: AbortSignal;
}

/**
 * Undoes what is injected on some servers, leftovers too, and makes sure that it is gone.
 * @throws ChaosError that names what could not be undone
 */
export async function runClear(options: RunClearOptions): Promise<void> {
  const { selection, dryRun, reach, output, signal } = options;
  const { target } = reach;
  const all = await target.list(signal);
  const held = (await target.status(signal)).filter(({ server }) => isSelected(server, selection));
  // An injection may be left on a server that is not listed any more.
  const listed = selectServers(all, selection);
  const unlisted = held
    .map(({ server }) => server)
    .filter((server) => !listed.some((other) => isSameServer(server, other)));
  const servers = [...listed, ...unlisted];
  if (!dryRun) await undo({ target, servers, id: null });
  if (!dryRun) await announceEnds(reach, held, await target.status(signal));
  for (const line of linesOf(held, all, dryRun)) say(output, line);
  if (held.length === 0) say(output, `nothing is injected on ${scopeText(servers, all)}`);
  if (!dryRun) await reconcile(reach, output, signal);
  giveJson(output, { target: target.name, dry_run: dryRun, cleared: held.map(heldJson) });
}

/** Each injection that is now nowhere any more has ended. */
async function announceEnds(
  reach: Reach,
  before: readonly HeldInjection[],
  after: readonly HeldInjection[],
): Promise<void> {
  const announcer = createAnnouncer(reach);
  const still = new Set(after.map(({ id }) => id));
  const ended = new Set(before.map(({ id }) => id).filter((id) => !still.has(id)));
  for (const id of ended) {
    // oxlint-disable-next-line no-await-in-loop -- events in the order in which they happened
    await announcer.end({ id, ended_at: systemSeconds(), reason: 'cleared' });
  }
}

function linesOf(held: readonly HeldInjection[], all: readonly TargetServer[], dryRun: boolean): readonly string[] {
  const byId = Map.groupBy(held, ({ id }) => id);
  return [...byId].map(([id, parts]) => {
    const servers = parts.map(({ server }) => server);
    const where = `${scopeText(servers, all)} (${countText(servers.length, 'server')})`;
    return `${dryRun ? 'would undo' : 'undone'} on ${where}: ${parts[0]?.description ?? ''}, id ${id}`;
  });
}
