import { isSameServer, parseId } from '../server-ids.ts';
import type { TargetServer } from '../target.ts';
import { containerOf } from './docker-servers.ts';
import type { Engine } from './engine.ts';
import type { HelperTarget } from './helper-container.ts';
import { LABEL, type Labels } from './labels.ts';

/** A helper container of ours, whatever became of it. */
export interface Helper extends HelperTarget {
  /** Its own id; `containerId` is that of its target. */
  readonly id: string;
  readonly kind: 'holder' | 'sweep';
  /** Empty for a sweep. */
  readonly injectionId: string;
  readonly description: string;
  /** Its target's ends of networks when it began, as `shortEndpoint` gives them; empty: not known. */
  readonly endpoints: readonly string[];
  /** Null: until it is cleared. */
  readonly durationSeconds: number | null;
}

/** Every helper of ours, those that have ended too. @param project null: of any compose project, or none */
export async function listHelpers(
  engine: Engine,
  project: string | null,
  signal: AbortSignal,
): Promise<readonly Helper[]> {
  const labels = [LABEL.helper, ...(project === null ? [] : [`${LABEL.targetProject}=${project}`])];
  const found = await engine.list({ labels, withStopped: true }, signal);
  return found.flatMap((container) => readHelper(container.id, container.labels) ?? []);
}

/** Those of this container; and those of its rack and server id whose container is none of `among` any more. */
export function helpersOf(
  server: TargetServer,
  helpers: readonly Helper[],
  among: readonly TargetServer[],
): readonly Helper[] {
  return helpers.filter((helper) => {
    const { containerName } = helper;
    if (containerName === containerOf(server)) return true;
    return isSameServer(helper, server) && !among.some((other) => containerOf(other) === containerName);
  });
}

function readHelper(id: string, labels: Labels): Helper | null {
  const [rackId, serverId] = [parseId(labels[LABEL.targetRack]), parseId(labels[LABEL.targetServer])];
  const containerId = labels[LABEL.targetId];
  if (rackId === null || serverId === null || containerId === undefined) return null;
  const seconds = Number(labels[LABEL.durationSeconds] ?? Number.NaN);
  return {
    id,
    kind: labels[LABEL.helper] === 'sweep' ? 'sweep' : 'holder',
    injectionId: labels[LABEL.id] ?? '',
    containerId,
    containerName: labels[LABEL.targetName] ?? containerId.slice(0, 12),
    rackId,
    serverId,
    project: labels[LABEL.targetProject] ?? '',
    endpoints: (labels[LABEL.targetEndpoints] ?? '').split(',').filter((text) => text !== ''),
    description: labels[LABEL.description] ?? '',
    durationSeconds: Number.isFinite(seconds) ? seconds : null,
  };
}
