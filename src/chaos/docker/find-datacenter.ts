import { messageOf } from '../../io/error-text.ts';
import { parseToken } from '../../io/token-file.ts';
import type { DockerConnection } from './connection.ts';
import type { ContainerSummary } from './container-info.ts';
import { DockerRefusal } from './docker-errors.ts';
import { projectOf } from './docker-servers.ts';
import { Engine } from './engine.ts';
import { LABEL } from './labels.ts';
import { locateApi } from './locate-api.ts';
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

/** A token has at most 256 characters. */
const MAX_TOKEN_FILE_BYTES = 4096;
const TIMEOUT_MS = 5000;
const BY_HAND = 'give --url and --control-token-file';

/**
 * Looks for the datacenter of a lab in containers: the one that runs with the label `netwatch.role=datacenter`. Its API is
 * where its port 8080 is published, and its token is in the file in its container that `netwatch.control-token-file` names.
 * The token is read only where it may be sent to that API. Nothing that is missing is an error.
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
    return notTold(null, `the datacenter was not looked for: ${why}`);
  } finally {
    engine.close();
  }
}

async function lookFor(engine: Engine, options: FindDatacenterOptions): Promise<FoundDatacenter> {
  const { project, url, signal } = options;
  const found = await engine.list({ labels: [`${LABEL.role}=datacenter`], withStopped: false }, signal);
  const [container, ...others] = found.filter(({ labels }) => project === null || projectOf(labels) === project);
  if (container === undefined) return notTold(null, noneText(project));
  if (others.length > 0) return notTold(null, severalText([container, ...others]));
  const { apiUrl, problem } = locateApi(container, { url, remoteHost: engine.remoteHost });
  if (problem !== null) return notTold(apiUrl, problem);
  try {
    return { apiUrl, token: await readToken(engine, container, signal), problem: null };
  } catch (error) {
    signal.throwIfAborted();
    return notTold(apiUrl, `the token of the container ${container.name} is not known: ${messageOf(error)}`);
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

function notTold(apiUrl: string | null, problem: string): FoundDatacenter {
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
