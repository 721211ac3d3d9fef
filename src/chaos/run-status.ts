import { systemSeconds } from '../io/clock.ts';
import { countText, durationText } from '../terminal/number-text.ts';
import { giveJson, heldJson, say, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { reconcile } from './reconcile.ts';
import { scopeText } from './select-servers.ts';
import { ChaosError, type HeldInjection } from './target.ts';

/** Many servers, and a busy machine. */
const DEADLINE_MS = 30_000;

/** Says what is injected, how long still, and what was left behind; the datacenter hears of what is over. */
export async function runStatus(parts: {
  readonly reach: Reach;
  readonly output: ChaosOutput;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { reach, output, signal } = parts;
  const { target } = reach;
  const [all, held] = await inTime(parts);
  const now = systemSeconds();
  const known = `target ${target.name}, ${countText(all.length, 'server')}`;
  say(output, held.length === 0 ? `${known}: nothing is injected` : `${known}:`);
  const groups = Map.groupBy(held, ({ id, state, problem }) => JSON.stringify([id, state, problem]));
  for (const group of groups.values()) {
    const where = scopeText(
      group.map(({ server }) => server),
      all,
    );
    say(output, `  ${where}: ${stateText(group[0], now)}`);
  }
  await reconcile(reach, output, signal);
  giveJson(output, { target: target.name, servers: all.length, injections: held.map(heldJson) });
}

/** @throws ChaosError when the target does not answer */
async function inTime({ reach, signal }: { readonly reach: Reach; readonly signal: AbortSignal }) {
  const { target } = reach;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const either = AbortSignal.any([signal, deadline]);
  try {
    return await Promise.all([target.list(either), target.status(either)]);
  } catch (error) {
    if (signal.aborted || error !== deadline.reason) throw error;
    const text = `target ${target.name} does not answer within ${DEADLINE_MS / 1000} s: what is injected is not known`;
    throw new ChaosError(text, { cause: error });
  }
}

function stateText(held: HeldInjection | undefined, nowSeconds: number): string {
  if (held === undefined) return '';
  const { description, untilSeconds, state, problem, id } = held;
  const what = `${description}, id ${id}`;
  if (state === 'active') {
    return `${what}, ${untilSeconds === null ? 'until it is cleared' : `${durationText(untilSeconds - nowSeconds)} left`}`;
  }
  const why = problem === null ? '' : ` (${problem})`;
  return `${what}, LEFT BEHIND${why}: netwatch chaos --clear removes it`;
}
