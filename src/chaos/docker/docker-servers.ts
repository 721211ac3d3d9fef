import { compareServers, MAX_ID, parseId, serverName } from '../server-ids.ts';
import { ChaosError, type TargetServer } from '../target.ts';
import type { ContainerSummary } from './container-info.ts';
import { LABEL, type Labels } from './labels.ts';

/** A server that is a running container. */
export interface DockerServer extends TargetServer {
  readonly containerId: string;
  readonly containerName: string;
  readonly endpointIds: readonly string[];
  /** Empty when compose did not make it. */
  readonly project: string;
  /** Why its network cannot be broken alone, and what to do; null when it can. */
  readonly refusal: string | null;
}

/**
 * Reads the servers from their labels, by rack and server id.
 * @param containers all that run, because any of them may share the network of a server
 * @param project only servers of this compose project; null: of all
 * @returns also a text for each server whose labels say nothing; it is left out
 * @throws ChaosError when two containers are the same server: nobody can say which one was meant
 */
export function readServers(
  containers: readonly ContainerSummary[],
  project: string | null,
): {
  readonly servers: readonly DockerServer[];
  readonly problems: readonly string[];
} {
  const servers: DockerServer[] = [];
  const problems: string[] = [];
  for (const container of containers) {
    if (!isServer(container.labels) || (project !== null && projectOf(container.labels) !== project)) continue;
    const ids = readIds(container);
    if (typeof ids === 'string') problems.push(ids);
    else servers.push(toServer(container, ids, containers));
  }
  refuseTwoOfOne(servers);
  return { servers: servers.toSorted(compareServers), problems };
}

/** The compose project of a container; empty when compose did not make it. */
export function projectOf(labels: Labels): string {
  return labels[LABEL.composeProject] ?? '';
}

/** How a container is called for people. The name can be read back with `containerOf`. */
export function placeOf(containerName: string): string {
  return `container ${containerName}`;
}

export function containerOf({ place }: TargetServer): string {
  return place.replace(/^container /, '');
}

function isServer(labels: Labels): boolean {
  return labels[LABEL.role] === 'server';
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
    endpointIds: container.endpointIds,
    project: projectOf(container.labels),
    refusal: refusalOf(container, all),
  };
}

/** Breaking a network that is not the container's own breaks others. */
function refusalOf({ id, name, networkMode }: ContainerSummary, all: readonly ContainerSummary[]): string | null {
  if (networkMode === 'host') {
    return "it uses the host's own network, which chaos would break for the whole machine: give it a Docker network";
  }
  if (networkMode === 'none') return 'it has no network at all: give it a Docker network';
  const [, sharedId] = /^container:(.+)$/.exec(networkMode) ?? [];
  if (sharedId !== undefined) {
    const owner = all.find((other) => other.id === sharedId || other.name === sharedId)?.name ?? sharedId.slice(0, 12);
    return `it shares the network of the container ${owner}, which chaos would break too: give it a network of its own`;
  }
  const guest = all.find(
    ({ networkMode: mode, labels }) =>
      (mode === `container:${id}` || mode === `container:${name}`) && labels[LABEL.helper] === undefined,
  );
  if (guest === undefined) return null;
  return `the ${isServer(guest.labels) ? 'server' : 'container'} ${guest.name} shares its network, and chaos would break both: give each a network of its own`;
}

function refuseTwoOfOne(servers: readonly DockerServer[]): void {
  const known = new Map<string, DockerServer>();
  for (const server of servers) {
    const key = serverName(server);
    const other = known.get(key);
    if (other !== undefined) throw new ChaosError(`${key} is two containers, ${bothText(other, server)}`);
    known.set(key, server);
  }
}

/** Both containers, and how to say which one is meant. */
function bothText(one: DockerServer, other: DockerServer): string {
  if (one.project === other.project) {
    return (
      `${one.containerName} and ${other.containerName}: stop one of them, or give it another ${LABEL.rack} or ` +
      `${LABEL.server} label`
    );
  }
  const [first, second] = [one, other].map(
    ({ containerName, project }) =>
      `${containerName} (${project === '' ? 'of no compose project' : `compose project ${project}`})`,
  );
  return `${first} and ${second}: give the one that is meant with --compose-project NAME`;
}
