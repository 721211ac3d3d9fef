import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { V1EphemeralContainer } from '@kubernetes/client-node';
import { TOKEN } from './kubeconfig-file.ts';
import { type Answer, execStatus, logAnswer, refusal } from './kubernetes-answers.ts';
import { PodDouble, type PodOptions } from './kubernetes-pod-double.ts';
import { offeredProtocols, WebSocketDouble } from './websocket-double.ts';

export type Verb = 'list' | 'get' | 'patch';

/** A request as the rules of access name it: `patch pods/ephemeralcontainers`. */
export type Access = `${Verb} ${string}`;

/** How the next requests of a kind fail: with a status, or by being cut off before or after they were done. */
export interface Failure {
  readonly access: Access;
  readonly how: { readonly status: number; readonly message: string } | 'cut' | 'done, then cut' | 'never answered';
}

/** What the double understands of a request's query; a real API server passes over what it does not know. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'list pods': ['labelSelector', 'limit', 'continue'],
  'get pods': [],
  'patch pods/ephemeralcontainers': ['fieldManager'],
  'get pods/log': ['container', 'limitBytes'],
  'get pods/exec': ['stdout', 'stderr', 'stdin', 'tty', 'command', 'container'],
};
const NAMESPACE = 'netwatch';

/** Stands where the API server of a cluster stands, and where its kubelets stand, and takes nothing it should not. */
export class KubernetesApiDouble {
  readonly pods: PodDouble[] = [];
  /** Every request, as `patch pods/ephemeralcontainers server-0`. */
  readonly requests: string[] = [];
  /** Requests that no client of Kubernetes may make. */
  readonly violations: string[] = [];
  /** Connections so far. */
  connected = 0;
  /** What this login may not do. */
  readonly denied = new Set<Access>();
  /** Failures to come, each once. */
  readonly failures: Failure[] = [];
  /** What the namespace allows. */
  podSecurity: 'privileged' | 'baseline' | 'restricted' = 'privileged';
  /** Of the server's clock. */
  aheadSeconds = 0;
  /** What an exec says of the command's end; null: it is cut off without a word. */
  execEnd: { readonly stderr: string; readonly exitCode: number } | null = { stderr: '', exitCode: 0 };
  /** Length of a page, whatever is asked for. */
  pageLength = 1000;
  #expires = false;
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  readonly #sockets = new Set<Duplex>();
  #uids = 0;

  /** @param tls with which it proves who it is; without, it speaks plain HTTP */
  constructor(tls: ServerOptions | null) {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#answer(request, response);
    this.#server = tls === null ? createServer(onRequest) : createTlsServer(tls, onRequest);
    this.#scheme = tls === null ? 'http' : 'https';
    this.#server.on(tls === null ? 'connection' : 'secureConnection', (socket: Duplex) => {
      this.connected++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request, socket) => this.#upgrade(request, socket));
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('listens on no port');
    return `${this.#scheme}://127.0.0.1:${address.port}`;
  }

  addPod(options: PodOptions): PodDouble {
    this.#uids++;
    const pod = new PodDouble(options, `uid-${this.#uids}`);
    this.pods.push(pod);
    return pod;
  }

  removePod(pod: PodDouble): void {
    this.pods.splice(this.pods.indexOf(pod), 1);
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Requests of this kind so far. */
  count(access: Access): number {
    return this.requests.filter((request) => request.startsWith(`${access} `)).length;
  }

  /** Forgets the next list after its first page. */
  expireNext(): void {
    this.#expires = true;
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = this.#parse(request);
    const failure = this.#failure(call.access);
    if (failure === 'never answered') return;
    if (failure === 'cut') return void request.socket.destroy();
    const { status, body } =
      failure === null || failure === 'done, then cut'
        ? this.#do(call, request, Buffer.concat(chunks).toString('utf8'))
        : refusal(failure.status, failure.message);
    if (failure === 'done, then cut') return void request.socket.destroy();
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'text/plain' : 'application/json',
      date: new Date(Date.now() + this.aheadSeconds * 1000).toUTCString(),
    });
    response.end(isText ? body : JSON.stringify(body));
  }

  #failure(access: Access): Failure['how'] | null {
    const index = this.failures.findIndex((failure) => failure.access === access);
    return index < 0 ? null : (this.failures.splice(index, 1)[0]?.how ?? null);
  }

  #parse(request: IncomingMessage): { access: Access; pod: string; query: URLSearchParams } {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://localhost');
    const parts = /^\/api\/v1\/namespaces\/([^/]+)\/pods(?:\/([^/]+)(?:\/([^/]+))?)?$/.exec(pathname);
    const [, namespace, pod = '', subresource] = parts ?? [];
    const verb = request.method === 'PATCH' ? 'patch' : pod === '' ? 'list' : 'get';
    const access: Access = `${verb} pods${subresource === undefined ? '' : `/${subresource}`}`;
    this.requests.push(`${access} ${pod}`);
    const allowed = QUERIES[access];
    const strange = [...query.keys()].filter((name) => allowed?.includes(name) !== true);
    if (namespace !== NAMESPACE || allowed === undefined || strange.length > 0) {
      this.violations.push(`${request.method} ${request.url}`);
    }
    return { access, pod, query };
  }

  #do(call: { access: Access; pod: string; query: URLSearchParams }, request: IncomingMessage, body: string): Answer {
    const { access, pod: name, query } = call;
    const denial = this.#denial(access, name, request);
    if (denial) return denial;
    if (access === 'list pods') return this.#list(query);
    const pod = this.pods.find(({ options }) => options.name === name);
    if (pod === undefined) return refusal(404, `pods "${name}" not found`);
    if (access === 'patch pods/ephemeralcontainers') return this.#patch(pod, request, body);
    if (access === 'get pods/log') return logAnswer(pod, query.get('container') ?? '');
    pod.advance();
    return { status: 200, body: pod.toJson(NAMESPACE) };
  }

  #denial(access: Access, pod: string, request: IncomingMessage): Answer | null {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Unauthorized');
    if (!this.denied.has(access)) return null;
    const [verb, resource] = access.split(' ');
    const what = pod === '' ? 'pods' : `pods "${pod}"`;
    return refusal(
      403,
      `${what} is forbidden: User "jane" cannot ${verb} resource "${resource}" in API group "" in the namespace "${NAMESPACE}"`,
    );
  }

  #list(query: URLSearchParams): Answer {
    const wanted = (query.get('labelSelector') ?? '').split(',').filter((label) => label !== '');
    const selected = this.pods.filter(({ options }) =>
      wanted.every((label) => Object.entries(options.labels ?? {}).some(([key, value]) => `${key}=${value}` === label)),
    );
    const from = Number(query.get('continue') ?? 0);
    if (from > 0 && this.#expires) {
      this.#expires = false;
      return refusal(410, 'The provided continue parameter is too old');
    }
    const end = from + Math.min(Number(query.get('limit') ?? Infinity), this.pageLength);
    const metadata = { resourceVersion: '7', ...(end < selected.length ? { continue: String(end) } : {}) };
    const items = selected.slice(from, end).map((pod) => pod.toJson(NAMESPACE));
    return { status: 200, body: { apiVersion: 'v1', kind: 'PodList', metadata, items } };
  }

  #patch(pod: PodDouble, request: IncomingMessage, body: string): Answer {
    if (request.headers['content-type'] !== 'application/strategic-merge-patch+json') {
      this.violations.push(`a patch of type ${request.headers['content-type']}`);
      return refusal(415, 'the body of the request was in an unknown format');
    }
    const patch = JSON.parse(body) as { spec: { ephemeralContainers: V1EphemeralContainer[] } };
    if (Object.keys(patch).join() !== 'spec' || Object.keys(patch.spec).join() !== 'ephemeralContainers') {
      this.violations.push(`a patch of more than ephemeral containers: ${body}`);
    }
    const containers = patch.spec.ephemeralContainers;
    const insecure = containers.some(({ securityContext }) =>
      securityContext?.capabilities?.add?.includes('NET_ADMIN'),
    );
    if (this.podSecurity !== 'privileged' && insecure) {
      const [container] = containers;
      return refusal(
        403,
        `pods "${pod.options.name}" is forbidden: violates PodSecurity "${this.podSecurity}:latest": non-default capabilities (container "${container?.name}" must not include "NET_ADMIN" in securityContext.capabilities.add)`,
      );
    }
    const wrong = pod.merge(containers);
    if (wrong === null) return { status: 200, body: pod.toJson(NAMESPACE) };
    this.violations.push(wrong.message);
    return refusal(wrong.status, wrong.message);
  }

  /** An exec. What is executed must be a signal to end, which is passed on. */
  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const call = this.#parse(request);
    const { access, pod: name, query } = call;
    const failure = this.#failure(access);
    if (failure === 'cut') return void socket.destroy();
    if (failure === 'never answered') return void socket.on('end', () => socket.end()).resume();
    const denial = this.#denial(access, name, request);
    const pod = this.pods.find(({ options }) => options.name === name);
    const container = query.get('container') ?? '';
    const isThere = pod?.isRunning(container) === true;
    const injected = typeof failure === 'object' && failure !== null ? failure.status : null;
    const status = injected ?? denial?.status ?? (isThere ? 101 : pod === undefined ? 404 : 500);
    if (status !== 101 || pod === undefined) {
      socket.end(`HTTP/1.1 ${status} no\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    if (!offeredProtocols(request).includes('v5.channel.k8s.io'))
      this.violations.push('an exec of an unknown protocol');
    const command = query.getAll('command').join(' ');
    if (!command.startsWith('sh -c kill -TERM ')) this.violations.push(`executes ${command}`);
    this.#execute(new WebSocketDouble(request, socket, 'v5.channel.k8s.io'), pod, container);
  }

  #execute(webSocket: WebSocketDouble, pod: PodDouble, container: string): void {
    const end = this.execEnd;
    if (end !== null && end.exitCode === 0) pod.term(container);
    if (end !== null && end.stderr !== '') webSocket.send(2, end.stderr);
    if (end !== null) webSocket.send(3, JSON.stringify(execStatus(end.exitCode)));
    webSocket.close();
  }
}

/** Opens a double, and closes it when the test is over; it is an error if it was asked what it should not be. */
export async function startKubernetesApiDouble(
  context: TestContext,
  tls: ServerOptions | null = null,
): Promise<KubernetesApiDouble> {
  const double = new KubernetesApiDouble(tls);
  context.after(async () => {
    await double.close();
    if (double.violations.length > 0) throw new Error(`no client may ask this: ${double.violations.join('; ')}`);
  });
  await double.open();
  return double;
}
