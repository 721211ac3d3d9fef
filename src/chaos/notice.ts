import type { ChaosNotice } from '../wire/chaos-notice.ts';
import type { Injection } from '../wire/injection.ts';
import { describeInjection, injectionKinds } from './describe-injection.ts';
import { idsByRack, scopeText } from './select-servers.ts';
import type { TargetName, TargetServer } from './target.ts';

/** What a datacenter accepts. */
const MAX_SCOPE_CHARACTERS = 63;
const MAX_DESCRIPTION_CHARACTERS = 512;

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
    servers: [...idsByRack(servers)].map(([rackId, serverIds]) => ({ rack_id: rackId, server_ids: serverIds })),
    began_at: beganSeconds,
    until: durationSeconds === null ? null : beganSeconds + durationSeconds,
  };
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
