import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ContainerCreateOptions } from 'dockerode';

/** A container as the double has it. */
export interface DoubleContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly networkMode: string;
  /** Its ends of networks. */
  endpointIds: string[];
  status: 'created' | 'running' | 'paused' | 'exited' | 'restarting';
  exitCode: number;
  startedAt: string;
  /** Lines of its log, without newlines. */
  log: string[];
  /** As a list shows it, as `127.0.0.1:3000->8080/tcp` or `8080/tcp` (open inside only). */
  ports: string[];
  /** A tar of each file in it, by path. */
  readonly files: Map<string, Uint8Array>;
  /** As it was asked for; only of those that were created over the API. */
  readonly asked: ContainerCreateOptions | null;
  readonly listeners: Set<ServerResponse>;
}

/** What a container does when it is started: what it says, and its exit code when it ends at once. */
export interface Behaviour {
  readonly lines: readonly string[];
  readonly exitCode: number | null;
}

interface Failure {
  readonly request: RegExp;
  readonly status: number;
  readonly message: string;
}

/** A Docker daemon that has no containers but remembers what it is told; it answers over a socket as the real one does. */
export class DockerDouble {
  readonly containers: DoubleContainer[] = [];
  readonly images = new Set(['netwatch-chaos']);
  /** Every request, as `POST /containers/ID/stop?t=30`. */
  readonly requests: string[] = [];
  /** Requests that it refuses. */
  readonly failures: Failure[] = [];
  /** What happens before a request is answered. */
  onRequest: (asked: string) => void = () => {};
  /** Requests that it never answers. */
  silent: RegExp | null = null;
  /** The clock of this machine, Unix seconds. */
  nowSeconds = 1_800_000_000;
  onStart: (container: DoubleContainer) => Behaviour = ({ labels }) =>
    labels['netwatch.chaos'] === 'sweep'
      ? { lines: ['netwatch: undone'], exitCode: 0 }
      : { lines: ['netwatch: ready'], exitCode: null };
  /** The exit code of a container that is stopped. */
  onStop: (container: DoubleContainer) => number = () => 0;
  host = '';
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request, response);
  });
  readonly #directory = mkdtempSync(join(tmpdir(), 'netwatch-double-'));

  async listen(): Promise<void> {
    const path = join(this.#directory, 'docker.sock');
    this.#server.listen(path);
    await once(this.#server, 'listening');
    this.host = `unix://${path}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The id of a container, also of one that is not made yet. */
  idOf(name: string): string {
    return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
  }

  add(name: string, more: Partial<DoubleContainer> = {}): DoubleContainer {
    const container: DoubleContainer = {
      id: this.idOf(name),
      name,
      labels: {},
      networkMode: 'cluster',
      endpointIds: [`endpoint-of-${name}`],
      status: 'running',
      exitCode: 0,
      startedAt: new Date(this.nowSeconds * 1_000).toISOString(),
      log: [],
      ports: [],
      files: new Map(),
      asked: null,
      listeners: new Set(),
      ...more,
    };
    this.containers.push(container);
    return container;
  }

  addDatacenter(name: string, more: Partial<DoubleContainer> = {}): DoubleContainer {
    const labels = { 'netwatch.role': 'datacenter', 'netwatch.control-token-file': '/run/netwatch/control/token' };
    return this.add(name, { ...more, labels: { ...labels, ...more.labels } });
  }

  addServer(rackId: number | string, serverId: number | string, more: Partial<DoubleContainer> = {}): DoubleContainer {
    const ids = { 'netwatch.rack': String(rackId), 'netwatch.server': String(serverId) };
    const labels = { 'netwatch.role': 'server', ...ids, ...more.labels };
    return this.add(more.name ?? `server-${rackId}-${serverId}`, { ...more, labels });
  }

  /** As somebody else removes it. */
  remove(container: DoubleContainer): void {
    this.containers.splice(this.containers.indexOf(container), 1);
  }

  /** Helper containers that are there. */
  get helpers(): readonly DoubleContainer[] {
    return this.containers.filter(({ labels }) => labels['netwatch.chaos'] !== undefined);
  }

  end(container: DoubleContainer, exitCode: number): void {
    Object.assign(container, { status: 'exited', exitCode });
    for (const listener of container.listeners) listener.end();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const asked = decodeURIComponent(`${method} ${url}`);
    this.requests.push(asked);
    this.onRequest(asked);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.silent?.test(asked)) return;
    const failure = this.failures.find((each) => each.request.test(asked));
    if (failure) reply(response, failure.status, { message: failure.message });
    else this.#route(asked, new URL(url, 'http://docker'), Buffer.concat(chunks).toString(), response);
  }

  #route(asked: string, url: URL, body: string, response: ServerResponse): void {
    const [, kind, name = '', verb = ''] = url.pathname.split('/');
    if (kind === 'info') {
      reply(response, 200, { SystemTime: new Date(this.nowSeconds * 1_000).toISOString() });
    } else if (kind === 'images') {
      const isThere = this.images.has(decodeURIComponent(name));
      reply(response, isThere ? 200 : 404, isThere ? { Id: name } : { message: `No such image: ${name}` });
    } else if (name === 'json') {
      reply(response, 200, this.#list(url));
    } else if (name === 'create') {
      this.#create(url.searchParams.get('name') ?? '', JSON.parse(body) as ContainerCreateOptions, response);
    } else {
      const container = this.containers.find(({ id }) => id === name);
      if (container && verb === 'archive') sendArchive(container, url.searchParams.get('path') ?? '', response);
      else if (container) this.#act(asked.startsWith('DELETE') ? 'delete' : verb, container, response);
      else reply(response, 404, { message: `No such container: ${name}` });
    }
  }

  #list(url: URL): unknown[] {
    const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[]; status?: string[] };
    const isMeant = ({ labels, status }: DoubleContainer): boolean =>
      (filters.status?.includes(status) ?? true) &&
      (filters.label ?? []).every((text) => {
        const [key = '', value] = text.split('=');
        return value === undefined ? labels[key] !== undefined : labels[key] === value;
      });
    return this.containers.filter(isMeant).map(({ id, name, labels, networkMode, endpointIds, ports }) => ({
      Id: id,
      Names: [`/${name}`],
      Labels: labels,
      HostConfig: { NetworkMode: networkMode },
      NetworkSettings: networkSettings(endpointIds),
      Ports: ports.map(listedPort),
    }));
  }

  #create(name: string, asked: ContainerCreateOptions, response: ServerResponse): void {
    const used = name === '' ? `unnamed-${this.containers.length}` : name;
    if (this.containers.some((other) => other.name === used)) {
      reply(response, 409, { message: `Conflict. The container name "/${used}" is already in use by container "x".` });
      return;
    }
    const { Labels: labels = {}, HostConfig: host = {} } = asked;
    const networkMode = host.NetworkMode ?? '';
    const { id } = this.add(used, { labels, networkMode, asked, status: 'created', startedAt: '0001-01-01T00:00:00Z' });
    reply(response, 201, { Id: id });
  }

  #act(verb: string, container: DoubleContainer, response: ServerResponse): void {
    const isEnded = container.status === 'exited' || container.status === 'created';
    switch (verb) {
      case 'json':
        reply(response, 200, inspection(container));
        return;
      case 'start':
        this.#start(container, response);
        return;
      case 'stop':
        if (!isEnded) this.end(container, this.onStop(container));
        reply(response, isEnded ? 304 : 204);
        return;
      case 'unpause':
        container.status = 'running';
        reply(response, 204);
        return;
      case 'attach':
        response.writeHead(200, { 'content-type': 'application/vnd.docker.raw-stream' });
        response.flushHeaders();
        container.listeners.add(response);
        return;
      case 'logs':
        response.writeHead(200).end(Buffer.concat(container.log.map(frame)));
        return;
      default:
        if (isEnded) this.remove(container);
        reply(
          response,
          isEnded ? 204 : 409,
          isEnded ? undefined : { message: 'You cannot remove a running container' },
        );
    }
  }

  #start(container: DoubleContainer, response: ServerResponse): void {
    container.status = 'running';
    container.startedAt = new Date(this.nowSeconds * 1_000).toISOString();
    const { lines, exitCode } = this.onStart(container);
    reply(response, 204);
    container.log.push(...lines);
    for (const listener of container.listeners) listener.write(Buffer.concat(lines.map(frame)));
    if (exitCode !== null) this.end(container, exitCode);
  }
}

/** Starts a double that ends with the test. */
export async function startDockerDouble(context: TestContext): Promise<DockerDouble> {
  const double = new DockerDouble();
  await double.listen();
  context.after(() => double.close());
  return double;
}

function inspection({ status, exitCode, startedAt, networkMode, endpointIds }: DoubleContainer): unknown {
  return {
    State: {
      Status: status,
      Running: ['running', 'paused', 'restarting'].includes(status),
      Paused: status === 'paused',
      ExitCode: exitCode,
      Error: '',
      StartedAt: startedAt,
    },
    HostConfig: { NetworkMode: networkMode },
    NetworkSettings: networkSettings(endpointIds),
  };
}

function listedPort(text: string): unknown {
  const parts = /^(?:(.+):(\d+)->)?(\d+)\/(\w+)$/.exec(text);
  if (parts === null) throw new Error(`"${text}" is no port`);
  const [, IP, publicPort, privatePort, Type] = parts;
  const inside = { PrivatePort: Number(privatePort), Type };
  return publicPort === undefined ? inside : { IP, PublicPort: Number(publicPort), ...inside };
}

function sendArchive({ name, files }: DoubleContainer, path: string, response: ServerResponse): void {
  const tar = files.get(path);
  if (tar === undefined) {
    reply(response, 404, { message: `Could not find the file ${path} in container ${name}` });
    return;
  }
  const stat = { name: path.split('/').at(-1), size: 0, mode: 0o600, mtime: '2026-01-01T00:00:00Z', linkTarget: '' };
  const stated = Buffer.from(JSON.stringify(stat)).toString('base64');
  response.writeHead(200, { 'content-type': 'application/x-tar', 'x-docker-container-path-stat': stated }).end(tar);
}

function networkSettings(endpointIds: readonly string[]): unknown {
  return { Networks: Object.fromEntries(endpointIds.map((EndpointID, at) => [`network-${at}`, { EndpointID }])) };
}

/** A line on standard output, as the daemon frames it. */
export function frame(line: string): Buffer {
  const payload = Buffer.from(`${line}\n`);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function reply(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
