import { messageOf } from '../../io/error-text.ts';
import type { Injection } from '../../wire/injection.ts';
import type { DockerServer } from './docker-servers.ts';
import type { ContainerState } from './container-info.ts';
import { holderContainer } from './helper-container.ts';
import { ANOTHER_INJECTOR, helperError } from './helper-errors.ts';
import type { Helper } from './helpers.ts';
import { exitText, HOLDER_EXIT, hasSaid, reasonIn } from '../holder/holder-lines.ts';
import { runHelper } from './run-helper.ts';
import { undoHelpers, type HelperWork } from './undo-helpers.ts';

/**
 * Starts the helper that holds an injection on one server. When that is aborted its container stays, for a clear to find.
 * @returns null once it is in force, or why it is not
 * @throws ChaosError when Docker cannot start it
 */
export async function hold(work: HelperWork, injection: Injection, server: DockerServer): Promise<string | null> {
  const { engine, image, signal } = work;
  let id: string;
  try {
    id = await engine.create(holderContainer(image, injection, server), signal);
  } catch (error) {
    throw helperError(error, { image, helperId: null });
  }
  const why = await startHolder(work, id);
  if (why === null) return null;
  const left = await undoHelpers(work, [toHelper(id, injection, server)]);
  return left === null ? why : `${why}; ${left}`;
}

async function startHolder({ engine, image, signal }: HelperWork, id: string): Promise<string | null> {
  try {
    const { lines, end } = await runHelper(engine, id, { isAwaited: (line) => hasSaid([line], 'ready'), signal });
    if (end === 'heard') return null;
    if (end === 'late') return `its helper container does not get ready: ${reasonIn(lines) ?? 'it says nothing'}`;
    return reasonIn(lines) ?? endText(await engine.inspect(id, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return messageOf(helperError(error, { image, helperId: id }));
  }
}

/** Of a holder that is told to end, also before it can listen (SIGTERM). */
const WHEN_TOLD_TO_END: ReadonlySet<number> = new Set([HOLDER_EXIT.undone, 143]);

function endText(state: ContainerState | null): string {
  // Nobody ends one that has not said anything yet, but those who make room for their own.
  if (state === null || (state.error === '' && WHEN_TOLD_TO_END.has(state.exitCode))) return ANOTHER_INJECTOR;
  return `its helper container ended at once: ${state.error === '' ? `it ${exitText(state.exitCode)}` : state.error}`;
}

function toHelper(id: string, injection: Injection, server: DockerServer): Helper {
  const { containerId, containerName, rackId, serverId, project } = server;
  return {
    id,
    kind: 'holder',
    injectionId: injection.id,
    containerId,
    containerName,
    rackId,
    serverId,
    project,
    description: '',
    endpoints: [],
    durationSeconds: injection.durationSeconds,
  };
}
