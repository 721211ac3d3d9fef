import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { TestContext } from 'node:test';
import type { V1DeleteOptions, V1Lease } from '@kubernetes/client-node';
import { TOKEN } from './kubeconfig-file.ts';
import { type Answer, refusal } from './kubernetes-answers.ts';
import { accessOf, forbidden, isKnown } from './kubernetes-lease-access.ts';
import { checkModel } from './kubernetes-models.ts';

/** Stands where the API server of a cluster stands, for nodes and Leases, and takes nothing it should not. */
export class LeaseDouble {
  /** Labels by the name of the node. */
  readonly nodes = new Map<string, Readonly<Record<string, string>>>();
  readonly leases: V1Lease[] = [];
  /** Every request, as `create leases rack-0`. */
  readonly requests: string[] = [];
  /** Requests that no client of Kubernetes may make. */
  readonly violations: string[] = [];
  /** What this login may not do, as `create leases`. */
  readonly denied = new Set<string>();
  pageLength = 1000;
  /** So many lists are forgotten after their first page. */
  forgets = 0;
  /** What is answered in the place of the truth; null: the truth. */
  lie: (access: string) => Answer | null = () => null;
  /** Of what it answers; null: what it is. */
  contentType: string | null = null;
  url = '';
  #made = 0;

  answer(request: IncomingMessage, body: string): Answer {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://localhost');
    const { access, name } = accessOf(request.method ?? '', pathname);
    this.requests.push(`${access} ${name}`.trimEnd());
    if (!isKnown(access, query)) this.violations.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refusal(401, 'Unauthorized');
    if (this.denied.has(access)) return forbidden(access);
    const lie = this.lie(access);
    if (lie !== null) return lie;
    if (access === 'get nodes') return this.#node(name);
    if (access === 'create leases') return this.#create(body);
    if (access === 'delete leases') return this.#delete(name, body);
    return access === 'list leases' ? this.#list(query) : refusal(404, 'the server could not find what was asked for');
  }

  /** What the cluster does once a node is gone. */
  removeNode(name: string): void {
    this.nodes.delete(name);
    const kept = this.leases.filter(({ metadata }) => metadata?.ownerReferences?.[0]?.name !== name);
    this.leases.splice(0, this.leases.length, ...kept);
  }

  #node(name: string): Answer {
    const labels = this.nodes.get(name);
    if (labels === undefined) return refusal(404, `nodes "${name}" not found`);
    const metadata = { name, uid: `uid-of-${name}`, labels };
    return { status: 200, body: { apiVersion: 'v1', kind: 'Node', metadata } };
  }

  #create(body: string): Answer {
    const lease = JSON.parse(body) as V1Lease;
    this.violations.push(...checkModel(lease, 'V1Lease', 'lease'));
    const name = lease.metadata?.name;
    if (this.leases.some(({ metadata }) => metadata?.name === name)) {
      return refusal(409, `leases.coordination.k8s.io "${name}" already exists`);
    }
    this.#made++;
    lease.metadata = Object.assign(lease.metadata ?? {}, { uid: `uid-of-lease-${this.#made}` });
    this.leases.push(lease);
    return { status: 201, body: lease };
  }

  #delete(name: string, body: string): Answer {
    const options = JSON.parse(body || '{}') as V1DeleteOptions;
    this.violations.push(...checkModel(options, 'V1DeleteOptions', 'options'));
    const at = this.leases.findIndex(({ metadata }) => metadata?.name === name);
    if (at < 0) return refusal(404, `leases.coordination.k8s.io "${name}" not found`);
    const [uid, wanted] = [this.leases[at]?.metadata?.uid, options.preconditions?.uid];
    if (wanted !== undefined && wanted !== uid) {
      return refusal(409, `the UID in the precondition (${wanted}) does not match the UID in record (${uid})`);
    }
    this.leases.splice(at, 1);
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  }

  #list(query: URLSearchParams): Answer {
    const wanted = (query.get('labelSelector') ?? '').split(',');
    const selected = this.leases.filter(({ metadata }) =>
      wanted.every((label) =>
        Object.entries(metadata?.labels ?? {}).some(([key, value]) => `${key}=${value}` === label),
      ),
    );
    const from = Number(query.get('continue') ?? 0);
    if (from > 0 && this.forgets > 0) {
      this.forgets--;
      return refusal(410, 'The provided continue parameter is too old');
    }
    const end = from + Math.min(Number(query.get('limit') ?? Infinity), this.pageLength);
    const metadata = { resourceVersion: '7', ...(end < selected.length ? { continue: String(end) } : {}) };
    const items = selected.slice(from, end);
    return { status: 200, body: { apiVersion: 'coordination.k8s.io/v1', kind: 'LeaseList', metadata, items } };
  }
}

/**
 * Opens a double, and closes it when the test is over; it is an error if it was asked what it should not be.
 * @param tls with which it proves who it is; without, it speaks plain HTTP
 */
export async function startLeaseDouble(context: TestContext, tls: ServerOptions | null = null): Promise<LeaseDouble> {
  const double = new LeaseDouble();
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    void respond(double, request, response);
  const server = tls === null ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens on no port');
  double.url = `${tls === null ? 'http' : 'https'}://127.0.0.1:${address.port}`;
  context.after(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    if (double.violations.length > 0) throw new Error(`no client may ask this: ${double.violations.join('; ')}`);
  });
  return double;
}

async function respond(double: LeaseDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { status, body } = double.answer(request, Buffer.concat(chunks).toString('utf8'));
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': double.contentType ?? (isText ? 'text/html' : 'application/json') });
  response.end(isText ? body : JSON.stringify(body));
}
