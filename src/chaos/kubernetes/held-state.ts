import type { V1EphemeralContainer, V1Pod } from '@kubernetes/client-node';
import { HOLDER_EXIT } from '../holder/holder-lines.ts';
import type { HeldInjection } from '../target.ts';
import { holderId, type HolderFacts, isHolder, isSweep, parseHolderFacts, START_EXIT } from './chaos-container.ts';
import { hasEnded, podPlace, podServer } from './pod-identity.ts';

/** What the kubelet says of a container. Times in Unix seconds of the node's clock. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly startedSeconds: number | null }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly message: string };

/**
 * `waiting`: it may yet start. `active`: it holds. `overdue`: it runs, but its time is long over. `failed`: it said that
 * it could not undo. `leftover`: it died without a word. `over`: nothing of it is in force.
 */
export type HolderCondition = 'waiting' | 'active' | 'overdue' | 'failed' | 'leftover' | 'over';

export interface Holder {
  readonly name: string;
  readonly id: string;
  readonly facts: HolderFacts | null;
  readonly state: ContainerState;
  readonly condition: HolderCondition;
}

const STATES: Readonly<Record<Exclude<HolderCondition, 'over'>, HeldInjection['state']>> = {
  waiting: 'active',
  active: 'active',
  overdue: 'leftover',
  failed: 'failed',
  leftover: 'leftover',
};
/** What a holder may need to undo when its time is over, and what two clocks may differ by. */
const GRACE_SECONDS = 30;
const START_MARGIN_SECONDS = 5;
const NEVER_IN_FORCE: ReadonlySet<number> = new Set([
  HOLDER_EXIT.undone,
  HOLDER_EXIT.refused,
  HOLDER_EXIT.notApplied,
  START_EXIT.tooLate,
  START_EXIT.noPidFile,
]);

/** The state of an ephemeral container; one that the kubelet has not seen yet waits. */
export function containerState(pod: V1Pod, name: string): ContainerState {
  const status = pod.status?.ephemeralContainerStatuses?.find((candidate) => candidate.name === name);
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return { kind: 'running', startedSeconds: seconds(running.startedAt) };
  if (terminated) {
    const { exitCode, message = terminated.reason ?? '' } = terminated;
    return { kind: 'ended', exitCode, message: message.trim() };
  }
  return { kind: 'waiting', reason: waiting?.reason ?? 'not started yet', message: waiting?.message ?? '' };
}

/**
 * Every holder that a pod has had, in the order of their coming.
 * @param nowSeconds Unix seconds, the cluster's clock
 */
export function holdersOf(pod: V1Pod, nowSeconds: number): readonly Holder[] {
  const containers = pod.spec?.ephemeralContainers ?? [];
  return containers.flatMap((container, index) => {
    if (!isHolder(container.name)) return [];
    const facts = parseHolderFacts(container);
    const state = containerState(pod, container.name);
    const swept = hasEnded(pod) || isSweptAfter(pod, containers.slice(index + 1));
    const condition = conditionOf({ state, facts, swept, nowSeconds });
    return [{ name: container.name, id: facts?.id ?? holderId(container.name), facts, state, condition }];
  });
}

/** What of ours is or may be in force in a pod. */
export function heldIn(pod: V1Pod, nowSeconds: number): readonly HeldInjection[] {
  return holdersOf(pod, nowSeconds).flatMap((holder) => {
    const { id, facts, state, condition } = holder;
    if (condition === 'over') return [];
    const server = facts ? { rackId: facts.rackId, serverId: facts.serverId, place: podPlace(pod) } : podServer(pod);
    const description = facts?.description ?? 'an injection of which nothing more is known';
    return [
      {
        id,
        server,
        description,
        untilSeconds: untilSeconds(facts, state),
        state: STATES[condition],
        problem: problemOf(holder),
      },
    ];
  });
}

function conditionOf(of: {
  state: ContainerState;
  facts: HolderFacts | null;
  swept: boolean;
  nowSeconds: number;
}): HolderCondition {
  const { state, facts, swept, nowSeconds } = of;
  if (state.kind === 'waiting') {
    const canStart = facts === null || nowSeconds <= facts.startBySeconds + START_MARGIN_SECONDS;
    return canStart ? 'waiting' : 'over';
  }
  if (state.kind === 'running') {
    const until = untilSeconds(facts, state);
    return until !== null && nowSeconds > until + GRACE_SECONDS ? 'overdue' : 'active';
  }
  if (swept || NEVER_IN_FORCE.has(state.exitCode)) return 'over';
  return state.exitCode === HOLDER_EXIT.notUndone ? 'failed' : 'leftover';
}

function isSweptAfter(pod: V1Pod, later: readonly V1EphemeralContainer[]): boolean {
  return later.some(({ name }) => {
    if (!isSweep(name)) return false;
    const state = containerState(pod, name);
    return state.kind === 'ended' && state.exitCode === HOLDER_EXIT.undone;
  });
}

/** The holder counts its time from its start; one that waits starts at the latest when it may no longer. */
function untilSeconds(facts: HolderFacts | null, state: ContainerState): number | null {
  if (facts === null || facts.durationSeconds === null) return null;
  const started = state.kind === 'running' ? state.startedSeconds : null;
  return (started ?? facts.startBySeconds) + facts.durationSeconds;
}

function problemOf({ condition, state }: Holder): string | null {
  if (condition === 'waiting' && state.kind === 'waiting') return `its container waits (${state.reason})`;
  if (condition === 'overdue') return 'its time is long over, but its container still runs';
  if (state.kind !== 'ended') return null;
  const said = state.message === '' ? '' : `: ${state.message}`;
  return condition === 'failed'
    ? `it could not be undone${said}`
    : `its container died with exit code ${state.exitCode} before it had undone it${said}`;
}

function seconds(date: Date | undefined): number | null {
  return date === undefined ? null : date.getTime() / 1000;
}
