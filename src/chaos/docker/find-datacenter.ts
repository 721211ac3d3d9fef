import { messageOf } from '../../io/error-text.ts';
import { parseToken } from '../../io/token-file.ts';
import { isLoopback, type DockerConnection } from './connection.ts';
import type { ContainerSummary } from './container-info.ts';
import { DockerRefusal } from './docker-errors.ts';
import { projectOf } from './docker-servers.ts';
import { Engine } from './engine.ts';
import { LABEL } from './labels.ts';
import type { PublishedPort } from './published-ports.ts';
import { readTarFile, tarBytes } from './tar-file.ts';

/** What is known of the datacenter that runs beside the servers. */
export interface FoundDatacenter {
  /** Null: not known. */
  readonly apiUrl: string | null;
  /** Null: it cannot be told anything, and `problem` says why. */
  readonly token: string | null;
  /** Why it cannot be told, and what to do; null: it can. */
  readonly problem: string | null;
}

export interface FindDatacenterOptions {
  readonly connection: DockerConnection;
  /** Only in this compose project; null: in any. */
  readonly project: string | null;
  /** Where its API is, for whoever said so; null: at the port that its container publishes. */
  readonly url: string | null;
  readonly signal: AbortSignal;
}

/** Where its API listens in its container. */
const API_PORT = 8080;
/** A token has at most 256 characters. */
const MAX_TOKEN_FILE_BYTES = 4096;
const TIMEOUT_MS = 5000;
const BY_HAND = 'give --url and --control-token-file';

/**
 * Looks for the datacenter of a lab in containers: the one that runs with the label `netwatch.role=datacenter`. Its API is
 * where its port 8080 is published, and its token is in the file in its container that `netwatch.control-token-file` names.
 * Nothing that is missing is an error.
 * @throws ChaosError for a daemon that is described wrongly; the reason of `signal` when that is aborted
 */
export async function findDatacenter(options: FindDatacenterOptions): Promise<FoundDatacenter> {
  const engine = new Engine(options.connection);
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await lookFor(engine, { ...options, signal: AbortSignal.any([options.signal, deadline]) });
  } catch (error) {
    options.signal.throwIfAborted();
    const why = deadline.aborted ? `Docker does not answer within ${TIMEOUT_MS / 1000} s` : messageOf(error);
    return unknown(null, `the datacenter was not looked for: ${why}`);
  } finally {
    engine.close();
  }
}

async function lookFor(engine: Engine, options: FindDatacenterOptions): Promise<FoundDatacenter> {
  const { project, url, signal } = options;
  const found = await engine.list({ labels: [`${LABEL.role}=datacenter`], withStopped: false }, signal);
  const [container, ...others] = found.filter(({ labels }) => project === null || projectOf(labels) === project);
  if (container === undefined) return unknown(null, noneText(project));
  if (others.length > 0) return unknown(null, severalText([container, ...others]));
  const where = url === null ? publishedUrl(container, engine.remoteHost) : { url };
  if ('problem' in where) return unknown(null, where.problem);
  try {
    return { apiUrl: where.url, token: await readToken(engine, container, signal), problem: null };
  } catch (error) {
    signal.throwIfAborted();
    return unknown(where.url, `the token of the container ${container.name} is not known: ${messageOf(error)}`);
  }
}

/** @throws Error that says why there is none, and what to do */
async function readToken(engine: Engine, { id, labels }: ContainerSummary, signal: AbortSignal): Promise<string> {
  const path = labels[LABEL.controlTokenFile];
  if (path === undefined) {
    throw new Error(`it has no label ${LABEL.controlTokenFile} with the path of its file; give --control-token-file`);
  }
  try {
    const tar = await engine.archive(id, { path, maxBytes: tarBytes(MAX_TOKEN_FILE_BYTES) }, signal);
    return parseToken(Buffer.from(readTarFile(tar, MAX_TOKEN_FILE_BYTES)).toString('utf8'));
  } catch (error) {
    const why = error instanceof DockerRefusal && error.status === 404 ? 'there is no such file' : messageOf(error);
    throw new Error(`its file ${path} cannot be used: ${why}; give --control-token-file`, { cause: error });
  }
}

function publishedUrl(
  { name, ports }: ContainerSummary,
  remoteHost: string | null,
): { readonly url: string } | { readonly problem: string } {
  const published = ports.filter(({ containerPort }) => containerPort === API_PORT);
  // Docker names a port twice that is open for IPv4 and IPv6.
  const port = published.find(({ hostAddress }) => !hostAddress.includes(':')) ?? published[0];
  if (port === undefined) {
    return { problem: `the container ${name} does not publish its port ${API_PORT}: publish it, or give --url` };
  }
  if (remoteHost === null || !isLoopback(port.hostAddress)) return { url: urlOf(port, remoteHost) };
  return {
    problem:
      `the container ${name} publishes its port ${API_PORT} on ${port.hostAddress} of ${remoteHost} only: ` +
      `forward it (ssh -L ${API_PORT}:${port.hostAddress}:${port.hostPort} ${remoteHost}), and give --url`,
  };
}

/** @param remoteHost the machine that publishes it; null: this one */
function urlOf({ hostAddress, hostPort }: PublishedPort, remoteHost: string | null): string {
  if (['', '0.0.0.0'].includes(hostAddress)) return `http://${remoteHost ?? '127.0.0.1'}:${hostPort}`;
  if (hostAddress === '::') return `http://${remoteHost ?? '[::1]'}:${hostPort}`;
  return `http://${hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress}:${hostPort}`;
}

function unknown(apiUrl: string | null, problem: string): FoundDatacenter {
  return { apiUrl, token: null, problem };
}

function noneText(project: string | null): string {
  const where = project === null ? '' : ` of the compose project ${project}`;
  return `no running container${where} has the label ${LABEL.role}=datacenter: start it, or ${BY_HAND}`;
}

function severalText(containers: readonly ContainerSummary[]): string {
  const names = containers.map(({ name, labels }) => `${name} (${projectOf(labels) || 'of no compose project'})`);
  const several = new Set(containers.map(({ labels }) => projectOf(labels))).size > 1;
  const advice = several ? `say which with --compose-project NAME, or ${BY_HAND}` : BY_HAND;
  return `${containers.length} containers have the label ${LABEL.role}=datacenter, ${names.join(' and ')}: ${advice}`;
}
