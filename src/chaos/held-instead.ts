import { isSameServer } from './server-ids.ts';
import type { Target, TargetServer } from './target.ts';

const TIMEOUT_MS = 5000;

/** What is injected on any of these servers: descriptions by id. */
export async function heldOn(
  target: Target,
  servers: readonly TargetServer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const held = await target.status(signal);
  const there = held.filter(({ server }) => servers.some((one) => isSameServer(one, server)));
  return new Map(there.map(({ id, description }) => [id, description]));
}

/** Why an injection is gone from these servers before its time, as far as that can be told. Never throws. */
export async function goneText(target: Target, servers: readonly TargetServer[], ownId: string): Promise<string> {
  try {
    const held = [...(await heldOn(target, servers, AbortSignal.timeout(TIMEOUT_MS)))].filter(([id]) => id !== ownId);
    if (held.length > 0)
      return `replaced by ${held.map(([id, description]) => `${description}, id ${id}`).join(' and ')}`;
  } catch {
    // It is no more known than that it is gone.
  }
  return 'cleared from elsewhere, or with its servers or holders';
}
