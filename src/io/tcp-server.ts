import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { withinDeadline } from './deadline.ts';
import { errorCode } from './listen-error.ts';
import { listenTcp } from './listen-tcp.ts';
import type { TlsMaterial } from './tls-files.ts';

/** Why a connection ended: the peer left, it was silent too long, it broke, or this side closed it. */
export type TcpCloseReason = 'peer' | 'idle' | 'error' | 'closed';

/** Why a connection never came to be. */
export type TcpRejection = 'too-many-connections' | 'tls';

export interface TcpConnection {
  /** Counts up from 1. */
  readonly id: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  /** Bytes written that the kernel has not taken: they grow when the peer does not read. */
  readonly bufferedBytes: number;
  /** Sends bytes; does nothing once the connection is ending. The caller bounds `bufferedBytes`. */
  write(bytes: string | Uint8Array): void;
  /** Ends it at once, as for a peer that breaks the rules. */
  destroy(): void;
}

export interface TcpHandlers {
  onData(bytes: Buffer): void;
  /** The last call for this connection. */
  onClose(reason: TcpCloseReason): void;
}

export interface TcpServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Completes "cannot listen for …" when the port is taken. */
  readonly purpose: string;
  /** With `cert` and `key`: TLS. With `ca` too: every client must show a certificate that it signed. */
  readonly tls?: TlsMaterial | null;
  readonly maxConnections: number;
  /** A connection on which nothing came for so long is closed. */
  readonly idleTimeoutMs: number;
  readonly onConnection: (connection: TcpConnection) => TcpHandlers;
  readonly onReject?: (reason: TcpRejection) => void;
  /** Something failed that belongs to no connection. */
  readonly onError?: (error: Error) => void;
}

export interface TcpServer {
  readonly address: { readonly host: string; readonly port: number };
  /** Connections open now. */
  readonly connections: number;
  /**
   * Stops listening and tells every peer to stop; what still comes until the deadline (500 ms by default) is handled,
   * then the rest is cut. Idempotent.
   */
  close(deadlineMs?: number): Promise<void>;
}

const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Listens for lines of bytes.
 * @throws ListenError when it cannot; Error when the TLS material is not valid.
 */
export async function startTcpServer(options: TcpServerOptions): Promise<TcpServer> {
  const server = createServer(options);
  /** Also those whose TLS handshake is not done. */
  const accepted = new Set<Socket>();
  const established = new Set<Socket>();
  let lastId = 0;
  let closing: Promise<void> | null = null;
  server.maxConnections = options.maxConnections;
  server.on('connection', (socket: Socket) => remember(accepted, socket));
  server.on(options.tls?.cert ? 'secureConnection' : 'connection', (socket: Socket) => {
    lastId += 1;
    remember(established, socket);
    attach({ socket, id: lastId, options, isClosing: () => closing !== null });
  });
  server.on('drop', () => options.onReject?.('too-many-connections'));
  server.on('tlsClientError', () => options.onReject?.('tls'));
  const address = await listenTcp(server, options);
  server.on('error', (error) => options.onError?.(error));
  return {
    address,
    get connections() {
      return established.size;
    },
    close(deadlineMs = 500) {
      closing ??= closeServer({ server, accepted, established, deadlineMs });
      return closing;
    },
  };
}

function createServer({ tls }: TcpServerOptions): Server {
  if (!tls?.cert || !tls.key) return createTcpServer();
  const { ca, cert, key } = tls;
  const clients = ca ? { ca, requestCert: true, rejectUnauthorized: true } : {};
  return createTlsServer({ cert, key, minVersion: 'TLSv1.2', handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS, ...clients });
}

function attach(parts: { socket: Socket; id: number; options: TcpServerOptions; isClosing: () => boolean }): void {
  const { socket, id, options, isClosing } = parts;
  let reason: TcpCloseReason = 'peer';
  const handlers = options.onConnection({
    id,
    remoteHost: socket.remoteAddress ?? '',
    remotePort: socket.remotePort ?? 0,
    get bufferedBytes() {
      return socket.writableLength;
    },
    write(bytes) {
      if (socket.writable) socket.write(bytes);
    },
    destroy() {
      reason = 'closed';
      socket.destroy();
    },
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  socket.setTimeout(options.idleTimeoutMs, () => {
    reason = 'idle';
    socket.destroy();
  });
  socket.on('data', (bytes: Buffer) => handlers.onData(bytes));
  socket.on('error', (error) => {
    // A reset is how some peers leave; both are told apart from what this side did.
    if (reason === 'peer') reason = errorCode(error) === 'ECONNRESET' ? 'peer' : 'error';
  });
  socket.once('close', () => handlers.onClose(reason === 'peer' && isClosing() ? 'closed' : reason));
}

function remember(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

async function closeServer(parts: {
  server: Server;
  accepted: ReadonlySet<Socket>;
  established: ReadonlySet<Socket>;
  deadlineMs: number;
}): Promise<void> {
  const { server, accepted, established, deadlineMs } = parts;
  const closed = once(server, 'close');
  server.close();
  for (const socket of established) socket.end();
  if (await withinDeadline(closed, deadlineMs)) return;
  for (const socket of [...established, ...accepted]) socket.destroy();
  await closed;
}
