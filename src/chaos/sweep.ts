import { countText } from '../terminal/number-text.ts';
import { warn, type ChaosOutput } from './chaos-output.ts';
import { undo } from './inject.ts';
import type { Target } from './target.ts';

/**
 * Removes what earlier injections left behind: rules whose holder was killed, or that it could not undo.
 * @throws ChaosError when a leftover cannot be removed
 */
export async function sweepLeftovers(target: Target, output: ChaosOutput, signal: AbortSignal): Promise<void> {
  const leftovers = (await target.status(signal)).filter(({ state }) => state !== 'active');
  if (leftovers.length === 0) return;
  warn(output, `removing what earlier injections left behind on ${countText(leftovers.length, 'server')} …`);
  await undo({ target, servers: leftovers.map(({ server }) => server), id: null });
}
