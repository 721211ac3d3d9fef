import type { TargetName } from '../config/chaos-target.ts';
import type { ChaosEndReason } from '../wire/chaos-end.ts';
import { MAX_DESCRIPTION_CHARACTERS } from '../wire/chaos-notice-schema.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import type { Injection } from '../wire/injection.ts';
import { describeInjection, injectionKinds } from './describe-injection.ts';
import type { HoldEnd } from './hold.ts';
import { idsByRack, scopeText } from './select-servers.ts';
import type { TargetServer } from './target.ts';

/** Of what a datacenter shows and makes a label of. */
const MAX_SCOPE_CHARACTERS = 63;

/** What a datacenter is told of how an injection ended. */
export const END_REASONS: Readonly<Record<HoldEnd | 'not-undone', ChaosEndReason>> = {
  expired: 'expired',
  undone: 'cleared',
  gone: 'cleared',
  'not-undone': 'failed',
};

/**
 * What a datacenter is told of an injection that began just now.
 * @param parts.servers those it is on @param parts.all every server of the target
 */
export function noticeOf(parts: {
  readonly injection: Injection;
  readonly target: TargetName;
  readonly servers: readonly TargetServer[];
  readonly all: readonly TargetServer[];
  /** Unix seconds. */
  readonly beganSeconds: number;
}): ChaosNotice {
  const { injection, target, servers, all, beganSeconds } = parts;
  const { id, durationSeconds } = injection;
  return {
    id,
    target,
    scope: cut(scopeText(servers, all), MAX_SCOPE_CHARACTERS),
    kinds: injectionKinds(injection),
    description: cut(describeInjection(injection), MAX_DESCRIPTION_CHARACTERS),
    servers: serversByRack(servers),
    began_at: beganSeconds,
    until: durationSeconds === null ? null : beganSeconds + durationSeconds,
  };
}

/** The same injection, which is on these servers only. */
export function narrowed(
  notice: ChaosNotice,
  { servers, all }: { readonly servers: readonly TargetServer[]; readonly all: readonly TargetServer[] },
): ChaosNotice {
  return { ...notice, scope: cut(scopeText(servers, all), MAX_SCOPE_CHARACTERS), servers: serversByRack(servers) };
}

/** Servers as a datacenter is told of them. */
export function serversByRack(servers: readonly TargetServer[]): ChaosNotice['servers'] {
  return [...idsByRack(servers)].map(([rackId, serverIds]) => ({ rack_id: rackId, server_ids: serverIds }));
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
