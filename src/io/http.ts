import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { withinDeadline } from './deadline.ts';
import { problem, type HttpResponse } from './http-response.ts';
import { readBody } from './http-body.ts';
import { negotiate } from './http-negotiation.ts';
import { createRouter, type HttpRoutes, type NotFound, type UnboundedContent } from './http-router.ts';
import { listenTcp } from './listen-tcp.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Completes "cannot listen for …" when the port is taken. */
  readonly purpose: string;
  readonly routes: HttpRoutes;
  /** Answers for paths that have no route; problem details by default. */
  readonly notFound?: NotFound;
  /** A handler threw; the client got a 500 that says nothing of it. */
  readonly onError?: (error: unknown) => void;
  readonly maxConnections?: number;
  /** Longest body of a request; 64 KiB by default. */
  readonly maxBodyBytes?: number;
  /** Longest that the headers, and the whole request, may take to come. */
  readonly requestTimeoutMs?: number;
  /** Longest that nothing may move on a connection while its client reads the answer; 30 s by default. */
  readonly stallTimeoutMs?: number;
  /**
   * Takes the connection of a request for a WebSocket, which has no deadline from then on; who takes it closes it before
   * this server. Without it such a request is answered like any other, as those are that offer HTTP/2 (Node 24.9 and
   * later: those before give it every request to upgrade).
   */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Longest that a close waits for answers under way. */
  readonly closeDeadlineMs?: number;
}

export interface HttpServer {
  readonly address: { readonly host: string; readonly port: number };
  /** Stops listening, drops idle connections, gives answers under way until the deadline. Idempotent. */
  close(): Promise<void>;
}

/**
 * A server of an explicit map of routes.
 * @throws ListenError when it cannot listen.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { requestTimeoutMs = 10_000, stallTimeoutMs = 30_000, closeDeadlineMs = 1000 } = options;
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 5000),
    ...(options.onUpgrade && { shouldUpgradeCallback: isForWebSocket }),
  });
  server.on('request', createListener(server, options));
  if (options.onUpgrade) acceptUpgrades(server, options.onUpgrade);
  // Clients that ask and never read must not keep their connections: nobody else would get one.
  server.timeout = stallTimeoutMs;
  server.maxConnections = options.maxConnections ?? 128;
  const idle = trackIdle(server);
  const address = await listenTcp(server, options);
  server.on('error', (error) => options.onError?.(error));
  let closing: Promise<void> | null = null;
  return {
    address,
    close() {
      closing ??= closeServer(server, idle, closeDeadlineMs);
      return closing;
    },
  };
}

function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function acceptUpgrades(server: Server, onUpgrade: NonNullable<HttpServerOptions['onUpgrade']>): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.setTimeout(0);
    // Whoever takes the connection hears of its end by itself.
    socket.on('error', () => undefined);
    onUpgrade(request, socket, head);
  });
}

function createListener(server: Server, { routes, notFound, onError, maxBodyBytes = 64 * 1024 }: HttpServerOptions) {
  const route = createRouter(routes, notFound);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    let found: HttpResponse;
    try {
      found = await route(method, request.url ?? '/', await contentOf(request, maxBodyBytes));
      found = await negotiate(found, request.headers);
    } catch (error) {
      onError?.(error);
      found = problem(500, 'The server could not answer this request.');
    }
    // A closing server must not keep this connection for a next request that nobody will answer.
    if (!server.listening) response.setHeader('connection', 'close');
    send(response, found, method);
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      onError?.(error);
      response.destroy();
    });
  };
}

async function contentOf(request: IncomingMessage, maxBodyBytes: number): Promise<UnboundedContent> {
  const { method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // What no route reads is drained, so that the connection stays usable.
  if (!hasBody) request.resume();
  const body = hasBody ? await readBody(request, maxBodyBytes) : Buffer.alloc(0);
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null;
  const { authorization = null, origin = null, host = null } = headers;
  return { authorization, mediaType, origin, host, body };
}

function send(response: ServerResponse, answer: HttpResponse, method: string): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
    'content-type': answer.contentType,
    // What has no body by definition has no length either.
    ...(answer.status === 304 ? {} : { 'content-length': body.length }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Connections without a request under way. Node's own list leaves out those that never sent one. */
function trackIdle(server: Server): ReadonlySet<Socket> {
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.once('close', () => !socket.destroyed && idle.add(socket));
  });
  return idle;
}

async function closeServer(server: Server, idle: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of idle) socket.destroy();
  if (await withinDeadline(closed, deadlineMs)) return;
  server.closeAllConnections();
  await closed;
}
