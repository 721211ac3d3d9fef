import { exitText, HOLDER_EXIT, isCleanExit, reasonIn } from '../holder/holder-lines.ts';
import type { HeldInjection } from '../target.ts';
import { placeOf } from './docker-servers.ts';
import { shortEndpoint } from './endpoints.ts';
import type { ContainerState } from './container-info.ts';
import type { Engine } from './engine.ts';
import type { Helper } from './helpers.ts';

/** A holder that runs for so long after its time is stuck: it lets what waits leave first, on a machine that is busy. */
const OVERDUE_SECONDS = 60;

type Finding = Pick<HeldInjection, 'state' | 'problem'>;

/**
 * What a holder has in force, or may have; null when it is certain that it has nothing.
 * @param nowSeconds of the daemon's clock, as are the times of its containers
 */
export async function readHeld(
  engine: Engine,
  helper: Helper,
  { nowSeconds, signal }: { readonly nowSeconds: number; readonly signal: AbortSignal },
): Promise<HeldInjection | null> {
  const state = await engine.inspect(helper.id, signal);
  if (state === null || state.startedSeconds === null) return null;
  const target = await engine.inspect(helper.containerId, signal);
  if (target === null || !isStillOn(target, helper, state.startedSeconds)) return null;
  const untilSeconds = helper.durationSeconds === null ? null : state.startedSeconds + helper.durationSeconds;
  const finding = state.isRunning
    ? findRunning(state, untilSeconds, nowSeconds)
    : await findEnded(engine, helper.id, { exitCode: state.exitCode, signal });
  if (finding === null) return null;
  const { rackId, serverId, containerName, injectionId: id, description } = helper;
  return { id, server: { rackId, serverId, place: placeOf(containerName) }, description, untilSeconds, ...finding };
}

/**
 * Whether the network that a helper joined is still that of its target: it goes when the container stops, and what was
 * done to an end of a network goes with that. The helper may run on in what is left.
 */
function isStillOn(target: ContainerState, { endpoints }: Helper, heldSinceSeconds: number): boolean {
  if (!target.isRunning || target.status === 'restarting') return false;
  if (target.startedSeconds !== null && target.startedSeconds > heldSinceSeconds) return false;
  const present = new Set(target.endpointIds.map(shortEndpoint));
  return endpoints.length === 0 || endpoints.some((endpoint) => present.has(endpoint));
}

function findRunning({ isPaused }: ContainerState, untilSeconds: number | null, nowSeconds: number): Finding {
  if (isPaused)
    return { state: 'leftover', problem: 'its helper container is paused, so that it never ends by itself' };
  const overdueSeconds = untilSeconds === null ? 0 : nowSeconds - untilSeconds;
  if (overdueSeconds <= OVERDUE_SECONDS) return { state: 'active', problem: null };
  return {
    state: 'leftover',
    problem: `its time was over ${Math.round(overdueSeconds)} s ago and its helper still runs`,
  };
}

async function findEnded(
  engine: Engine,
  id: string,
  { exitCode, signal }: { readonly exitCode: number; readonly signal: AbortSignal },
): Promise<Finding | null> {
  if (isCleanExit(exitCode)) return null;
  const reason = reasonIn(await engine.log(id, signal));
  return {
    state: exitCode === HOLDER_EXIT.notUndone ? 'failed' : 'leftover',
    problem: `its helper container ${exitText(exitCode)}${reason === null ? '' : `: ${reason}`}`,
  };
}
