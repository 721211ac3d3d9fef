import { DockerRefusal } from './docker-errors.ts';
import type { ContainerState } from './container-info.ts';
import type { Engine } from './engine.ts';
import { holderName, sweepContainer, STOP_SECONDS, type HelperTarget } from './helper-container.ts';
import { helperError, isHelperGone, isNameTaken, isTargetGone } from './helper-errors.ts';
import type { Helper } from './helpers.ts';
import { exitText, hasSaid, HOLDER_EXIT, isCleanExit, reasonIn } from '../holder/holder-lines.ts';
import { runHelper } from './run-helper.ts';

/** Of a sweep that somebody else removes before it has begun. */
const SWEEP_TRIES = 3;

/** What it takes to work with helper containers. */
export interface HelperWork {
  readonly engine: Engine;
  /** With tc and a shell. */
  readonly image: string;
  readonly signal: AbortSignal;
}

/** Ends the helpers and makes sure that what they did is undone. @returns null, or why that is not certain */
export async function undoHelpers(work: HelperWork, helpers: readonly Helper[]): Promise<string | null> {
  const problems: string[] = [];
  for (const helper of helpers) {
    // oxlint-disable-next-line no-await-in-loop -- they are on one network
    const problem = helper.kind === 'sweep' ? await removeOldSweep(work, helper) : await undoHolder(work, helper);
    if (problem !== null) problems.push(problem);
  }
  return problems.length === 0 ? null : problems.join('; ');
}

/**
 * Removes what of ours is in the network of a container, with a helper that does that and ends.
 * @param asHolder takes the place of a holder, so that no injection begins meanwhile; does nothing where that is taken
 * @returns null when nothing is left, or what is and why
 */
export async function sweep(
  work: HelperWork,
  target: HelperTarget,
  { asHolder = false }: { readonly asHolder?: boolean } = {},
): Promise<string | null> {
  const { engine, image, signal } = work;
  if (!hasOwnNetwork(await engine.inspect(target.containerId, signal))) return null;
  for (let triesLeft = SWEEP_TRIES; ; triesLeft -= 1) {
    let id: string | null = null;
    try {
      // oxlint-disable-next-line no-await-in-loop -- again only when it was for nothing
      id = await engine.create(sweepContainer(image, target, asHolder ? holderName(target) : null), signal);
      // oxlint-disable-next-line no-await-in-loop -- as above
      return await runSweep(work, id);
    } catch (error) {
      if (isTargetGone(error, id) || (asHolder && isNameTaken(error))) return null;
      // Those who work on the same server take one that does not run yet for an old one.
      if (triesLeft === 1 || !isHelperGone(error, id)) throw helperError(error, { image, helperId: id });
    }
  }
}

async function runSweep({ engine, signal }: HelperWork, id: string): Promise<string | null> {
  const { lines } = await runHelper(engine, id, { isAwaited: () => false, signal });
  await engine.stop(id, STOP_SECONDS, signal);
  const state = await engine.inspect(id, signal);
  await engine.remove(id, { force: true }, signal);
  // Somebody else may remove one that has ended, but what it said was heard.
  const isDone = state === null ? hasSaid(lines, 'undone') : !state.isRunning && state.exitCode === HOLDER_EXIT.undone;
  if (isDone) return null;
  return `a sweep did not remove what is left: ${reasonIn(lines) ?? `it ${exitText(state?.exitCode ?? -1)}`}`;
}

/** Lets a holder undo, and sweeps where that is not certain. Only then its container, the evidence, is removed. */
async function undoHolder(work: HelperWork, helper: Helper): Promise<string | null> {
  const { engine, signal } = work;
  const doubt = await endHolder(work, helper.id);
  if (doubt !== null) {
    const problem = await sweep(work, helper);
    if (problem !== null) return `${doubt}; ${problem}`;
  }
  await engine.remove(helper.id, { force: false }, signal);
  return null;
}

/** @returns null when its own undo is certain, or why it is not */
async function endHolder({ engine, signal }: HelperWork, id: string): Promise<string | null> {
  const before = await engine.inspect(id, signal);
  // A paused one hears no signal.
  if (before?.isPaused === true) await engine.unpause(id, signal);
  await engine.stop(id, STOP_SECONDS, signal);
  let state = await engine.inspect(id, signal);
  if (state?.isRunning === true) {
    // It was started just after there was nothing to stop.
    await engine.stop(id, STOP_SECONDS, signal);
    state = await engine.inspect(id, signal);
  }
  if (state === null) return 'its helper container was removed by somebody else';
  if (state.isRunning) return 'its helper container does not stop';
  if (state.startedSeconds === null || isCleanExit(state.exitCode)) return null;
  const reason = reasonIn(await engine.log(id, signal));
  return `its helper container ${exitText(state.exitCode)}${reason === null ? '' : `: ${reason}`}`;
}

/** One that runs belongs to somebody who is clearing at this moment. */
async function removeOldSweep({ engine, signal }: HelperWork, { id }: Helper): Promise<null> {
  const state = await engine.inspect(id, signal);
  try {
    if (state !== null && !state.isRunning) await engine.remove(id, { force: false }, signal);
  } catch (error) {
    const hasJustBegun = error instanceof DockerRefusal && error.status === 409;
    if (!hasJustBegun) throw error;
  }
  return null;
}

/** The network of a container goes with it, and in one that is not its own we never were. */
function hasOwnNetwork(state: ContainerState | null): boolean {
  if (state === null || !state.isRunning || state.status === 'restarting') return false;
  return state.networkMode !== 'host' && !state.networkMode.startsWith('container:');
}
