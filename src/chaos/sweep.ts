import { countText } from '../terminal/number-text.ts';
import { warn, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { undo } from './inject.ts';
import { reconcile } from './reconcile.ts';

/**
 * Removes what earlier injections left behind: rules whose holder was killed, or that it could not undo; and tells the
 * datacenter of the end of what nobody holds any more.
 * @throws ChaosError when a leftover cannot be removed
 */
export async function sweepLeftovers(reach: Reach, output: ChaosOutput, signal: AbortSignal): Promise<void> {
  const { target } = reach;
  const leftovers = (await target.status(signal)).filter(({ state }) => state !== 'active');
  if (leftovers.length > 0) {
    warn(output, `removing what earlier injections left behind on ${countText(leftovers.length, 'server')} …`);
    await undo({ target, servers: leftovers.map(({ server }) => server), id: null });
  }
  await reconcile(reach, output, signal);
}
