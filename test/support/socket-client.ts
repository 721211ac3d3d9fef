import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket, type ClientOptions } from 'ws';
import { SOCKET_PROTOCOL, type ServerMessage } from '../../src/wire/api/socket.ts';
import { waitUntil } from './wait-until.ts';

/** A client of the live socket. */
export interface SocketClient {
  readonly socket: WebSocket;
  /** All that came. */
  readonly messages: ServerMessage[];
  say(type: 'subscribe' | 'unsubscribe', topic: string): void;
  /** The first message that `isWanted` of those from the `from`-th on. */
  heard(what: string, isWanted: (message: ServerMessage) => boolean, from?: number): Promise<ServerMessage>;
  /** The code with which the connection closed. */
  readonly closed: Promise<number>;
}

/** What a client asks the socket with; the subprotocol of the socket unless told otherwise. */
export type Handshake = ClientOptions & { readonly protocols?: string[]; readonly path?: string };

export async function connectSocket(
  context: TestContext,
  port: number,
  { protocols = [SOCKET_PROTOCOL], ...options }: Omit<Handshake, 'path'> = {},
): Promise<SocketClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, protocols, options);
  context.after(() => socket.terminate());
  socket.on('error', () => undefined);
  const messages: ServerMessage[] = [];
  socket.on('message', (data: Buffer) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the datacenter is tested to send
    messages.push(JSON.parse(data.toString()) as ServerMessage);
  });
  const closed = new Promise<number>((resolve) => void socket.once('close', (code) => resolve(code)));
  await once(socket, 'open');
  return {
    socket,
    messages,
    closed,
    say: (type, topic) => socket.send(JSON.stringify({ type, topic })),
    heard: (what, isWanted, from = 0) => waitUntil(what, () => messages.slice(from).find((said) => isWanted(said))),
  };
}

/** The status with which a request for the socket is refused. */
export async function refusedWith(
  port: number,
  { protocols = [SOCKET_PROTOCOL], path = '/ws', ...options }: Handshake,
): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options);
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('the socket was opened'));
    });
    socket.on('error', () => undefined);
  });
}
