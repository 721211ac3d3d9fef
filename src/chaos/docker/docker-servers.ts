import { compareServers, MAX_ID, parseId, serverName } from '../server-ids.ts';
import { ChaosError, type TargetServer } from '../target.ts';
import type { ContainerSummary } from './engine.ts';
import { LABEL } from './labels.ts';

/** A server that is a running container. */
export interface DockerServer extends TargetServer {
  readonly containerId: string;
  readonly containerName: string;
  /** Empty when compose did not make it. */
  readonly project: string;
  /** Why its network cannot be broken alone, and what to do; null when it can. */
  readonly refusal: string | null;
}

/**
 * Reads the servers from their labels, by rack and server id.
 * @param containers running ones with the label `netwatch.role=server`
 * @returns also a text for each container whose labels say nothing; it is left out
 * @throws ChaosError when two compose projects have the same server: nobody can say which one was meant
 */
export function readServers(containers: readonly ContainerSummary[]): {
  readonly servers: readonly DockerServer[];
  readonly problems: readonly string[];
} {
  const servers: DockerServer[] = [];
  const problems: string[] = [];
  for (const container of containers) {
    const ids = readIds(container);
    if (typeof ids === 'string') problems.push(ids);
    else servers.push(toServer(container, ids, containers));
  }
  refuseTwoProjects(servers);
  return { servers: servers.toSorted(compareServers), problems };
}

/** How a container is called for people. The name can be read back with `containerOf`. */
export function placeOf(containerName: string): string {
  return `container ${containerName}`;
}

export function containerOf({ place }: TargetServer): string {
  return place.replace(/^container /, '');
}

function readIds({ name, labels }: ContainerSummary): { rackId: number; serverId: number } | string {
  const [rackId, serverId] = [parseId(labels[LABEL.rack]), parseId(labels[LABEL.server])];
  if (rackId !== null && serverId !== null) return { rackId, serverId };
  const key = rackId === null ? LABEL.rack : LABEL.server;
  const given = labels[key] === undefined ? 'is missing' : `is "${labels[key]}"`;
  return `container ${name} is left out: its label ${key} ${given}, allowed is a whole number from 0 to ${MAX_ID}`;
}

function toServer(
  container: ContainerSummary,
  ids: { rackId: number; serverId: number },
  all: readonly ContainerSummary[],
): DockerServer {
  return {
    ...ids,
    place: placeOf(container.name),
    containerId: container.id,
    containerName: container.name,
    project: container.labels[LABEL.composeProject] ?? '',
    refusal: refusalOf(container, all),
  };
}

/** Breaking a network that is not the container's own breaks others. */
function refusalOf({ id, networkMode }: ContainerSummary, all: readonly ContainerSummary[]): string | null {
  if (networkMode === 'host') {
    return "it uses the host's own network, which chaos would break for the whole machine: give it a Docker network";
  }
  if (networkMode === 'none') return 'it has no network at all: give it a Docker network';
  const [, sharedId] = /^container:(.+)$/.exec(networkMode) ?? [];
  if (sharedId !== undefined) {
    const owner = all.find((other) => other.id === sharedId || other.name === sharedId)?.name ?? sharedId.slice(0, 12);
    return `it shares the network of the container ${owner}, which chaos would break too: give it a network of its own`;
  }
  const guest = all.find(({ networkMode: mode }) => mode === `container:${id}`);
  if (guest === undefined) return null;
  return `the server ${guest.name} shares its network, and chaos would break both: give each a network of its own`;
}

function refuseTwoProjects(servers: readonly DockerServer[]): void {
  const known = new Map<string, DockerServer>();
  for (const server of servers) {
    const key = serverName(server);
    const other = known.get(key);
    if (other !== undefined && other.project !== server.project) {
      const one = ({ containerName, project }: DockerServer): string =>
        `${containerName} (${project === '' ? 'of no compose project' : `compose project ${project}`})`;
      throw new ChaosError(
        `${key} is two containers, ${one(other)} and ${one(server)}: give the one that is meant with --compose-project NAME`,
      );
    }
    known.set(key, server);
  }
}
