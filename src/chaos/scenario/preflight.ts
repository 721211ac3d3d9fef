import type { DatacenterHealth, ServerStatus } from '../../core/verdict.ts';
import { isSameServer, serverName } from '../server-ids.ts';
import { ChaosError, type Target, type TargetServer } from '../target.ts';
import type { HealthWatch } from './health-watch.ts';
import type { PlannedStep } from './plan-scenario.ts';

/** Why servers cannot be judged yet, in words. */
const STATUS_TEXTS: Readonly<Partial<Record<ServerStatus, string>>> = {
  warming: 'has sent too little to be judged',
  silent: 'is silent',
  warning: 'is not well already',
  critical: 'is not well already',
};

const MAX_NAMED = 6;

/**
 * Refuses what the target cannot do at all, before anything is done.
 * @throws ChaosError with why it cannot be done
 */
export function refuseImpossible(target: Target, steps: readonly PlannedStep[]): void {
  for (const step of injectionsOf(steps)) target.plan({ ...step.injection, id: '0'.repeat(12) }, step.servers);
}

/**
 * Refuses to begin on servers that somebody already breaks.
 * @throws ChaosError with what is there
 */
export async function refuseBroken(parts: {
  readonly target: Target;
  readonly touched: readonly TargetServer[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { target, touched, signal } = parts;
  const held = (await target.status(signal)).filter(({ server }) => touched.some((one) => isSameServer(one, server)));
  if (held.length === 0) return;
  const lines = held.slice(0, MAX_NAMED).map(({ server, description, id, state }) => {
    const what = `${description} (id ${id}${state === 'active' ? '' : `, ${state}`})`;
    return `  ${serverName(server)}: ${what}`;
  });
  const rest = held.length > MAX_NAMED ? [`  … and ${held.length - MAX_NAMED} more`] : [];
  const advice = 'wait until it is over, or end it with netwatch chaos --clear';
  throw new ChaosError(`the network is broken already, ${advice}:\n${[...lines, ...rest].join('\n')}`);
}

/**
 * Waits until the datacenter hears every server that is to be broken, all of them are well, and their usual delay is
 * known: what is not well before can prove nothing after.
 * @param parts.onWait called with what it waits for, when that is another thing than before
 * @throws ChaosError when it does not answer, or some are not well, once `deadlineSeconds` are over; the reason of
 * `signal` when that is aborted
 */
export async function untilWell(parts: {
  readonly watch: HealthWatch;
  readonly touched: readonly TargetServer[];
  readonly deadlineSeconds: number;
  readonly nowSeconds: () => number;
  readonly signal: AbortSignal;
  readonly onWait: (reason: string) => void;
}): Promise<void> {
  const { watch, touched, deadlineSeconds, nowSeconds, signal, onWait } = parts;
  const endSeconds = nowSeconds() + deadlineSeconds;
  let told = '';
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const look = await watch.next();
    signal.throwIfAborted();
    const reason = look?.tree ? unwellText(look.tree, touched) : (look?.problem ?? 'the watch ended');
    if (reason === null) return;
    if (nowSeconds() >= endSeconds || look === null) {
      throw new ChaosError(`nothing was injected: after ${deadlineSeconds} s, ${reason}`);
    }
    if (reason !== told) onWait(reason);
    told = reason;
  }
}

function unwellText(tree: DatacenterHealth, touched: readonly TargetServer[]): string | null {
  const unwell = touched.flatMap(({ rackId, serverId }) => {
    const rack = tree.racks.find(({ rack_id: id }) => id === rackId);
    const server = rack?.servers.find(({ server_id: id }) => id === serverId);
    const name = serverName({ rackId, serverId });
    if (server === undefined) return [`${name} is not known to the datacenter`];
    if (rack?.status === 'silent') return [`${name} is in a rack that does not report`];
    if (server.status !== 'healthy')
      return [`${name} ${STATUS_TEXTS[server.status] ?? 'is not well'} (${server.status})`];
    // Until then its baseline is still learned: a delay would become part of it, and spoil what comes after.
    return server.clock_skew_ppm === null ? [`${name} has not been heard for long enough to know its usual delay`] : [];
  });
  if (unwell.length === 0) return null;
  const more = unwell.length > MAX_NAMED ? ` and ${unwell.length - MAX_NAMED} more` : '';
  return `${unwell.slice(0, MAX_NAMED).join(', ')}${more}`;
}

function injectionsOf(steps: readonly PlannedStep[]): readonly Extract<PlannedStep, { kind: 'inject' }>[] {
  return steps.flatMap((step) => {
    if (step.kind === 'inject') return [step];
    return step.kind === 'parallel' || step.kind === 'sequence' ? injectionsOf(step.steps) : [];
  });
}
