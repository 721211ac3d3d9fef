import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { withinDeadline } from '../../io/deadline.ts';
import { problem } from '../../io/http-response.ts';
import { refuseUpgrade } from '../../io/upgrade.ts';
import { SOCKET_PROTOCOL } from '../../wire/api/socket.ts';
import type { Access } from '../api/access.ts';
import { refuseClient } from './admission.ts';
import { Hub, type HubOptions } from './hub.ts';
import type { ClientPort } from './live-client.ts';

const TICK_MS = 100;
const MAX_MESSAGE_BYTES = 4096;
/** How long clients may take to say good-bye. */
const CLOSE_DEADLINE_MS = 500;

export interface LiveOptions extends HubOptions {
  readonly access: Pick<Access, 'mayRead' | 'isOriginAllowed'>;
}

/** The live socket of a datacenter. */
export interface Live {
  /** Takes a request to upgrade, whatever it is. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says good-bye to every client, then cuts those that are still there. Idempotent. */
  close(): Promise<void>;
}

/** Starts the hub and its timer; sockets come through `upgrade`. */
export function startLive(options: LiveOptions): Live {
  const { access, counts, watches } = options;
  const hub = new Hub(options);
  const sockets = new Set<WebSocket>();
  const server = createServer(counts);
  const timer = setInterval(() => {
    watches.check();
    hub.tick();
  }, TICK_MS);
  let closing: Promise<void> | null = null;
  return {
    upgrade(request, socket, head) {
      if (closing !== null) return refuseUpgrade(socket, problem(503, 'The datacenter controller stops.'));
      const refusal = refuseClient(request, access, sockets.size);
      if (refusal !== null) {
        counts.reject(refusal.reason);
        return refuseUpgrade(socket, refusal.response);
      }
      return server.handleUpgrade(request, socket, head, (opened) => {
        sockets.add(opened);
        opened.once('close', () => sockets.delete(opened));
        attach(opened, options, hub);
      });
    },
    close() {
      clearInterval(timer);
      closing ??= closeAll(hub, sockets);
      return closing;
    },
  };
}

function createServer(counts: LiveOptions['counts']): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // A client that pings and never reads would fill the memory with pongs.
    autoPong: false,
    handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
  });
  server.on('wsClientError', (_, socket) => {
    counts.reject('bad-request');
    refuseUpgrade(socket, problem(400, 'This is no handshake of WebSocket version 13.'));
  });
  return server;
}

function attach(socket: WebSocket, { counts }: LiveOptions, hub: Hub): void {
  const handlers = hub.connect(portOf(socket));
  socket.on('message', (data: Buffer, isBinary: boolean) => handlers.onMessage(isBinary ? '' : data.toString('utf8')));
  socket.on('ping', (data: Buffer) => handlers.onPing(data));
  socket.on('pong', () => handlers.onPong());
  socket.on('error', (error) => {
    // The library has sent the code that says so, and closes; all else is how some clients leave.
    if ('code' in error && String(error.code).startsWith('WS_ERR_')) counts.reject('bad-message');
  });
  socket.once('close', () => handlers.onClose());
}

function portOf(socket: WebSocket): ClientPort {
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  return {
    get unsentBytes() {
      return socket.bufferedAmount;
    },
    send(bytes) {
      if (isOpen()) socket.send(bytes, { binary: false });
    },
    ping() {
      if (isOpen()) socket.ping();
    },
    pong(data) {
      if (isOpen()) socket.pong(data);
    },
    close: (code, reason) => socket.close(code, reason),
    destroy: () => socket.terminate(),
  };
}

async function closeAll(hub: Hub, sockets: ReadonlySet<WebSocket>): Promise<void> {
  const closed = Promise.all(
    [...sockets].map((socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()))),
  );
  hub.close();
  if (await withinDeadline(closed, CLOSE_DEADLINE_MS)) return;
  for (const socket of sockets) socket.terminate();
  await closed;
}
