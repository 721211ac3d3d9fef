import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BINARY = 0x82;
const CLOSE = 0x88;
const SHORT = 126;

/** The server's side of a WebSocket that only talks, as far as Kubernetes' exec needs it. RFC 6455. */
export class WebSocketDouble {
  readonly #socket: Duplex;

  /** Agrees to a request for a WebSocket that speaks this protocol. */
  constructor(request: IncomingMessage, socket: Duplex, protocol: string) {
    const key = String(request.headers['sec-websocket-key']);
    const accept = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    socket.on('error', () => {});
    socket.resume();
    this.#socket = socket;
  }

  /** A message of a channel: 1 standard output, 2 standard error, 3 the end. */
  send(channel: 1 | 2 | 3, text: string): void {
    const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
    const length =
      payload.length < SHORT
        ? Buffer.from([payload.length])
        : Buffer.from([SHORT, payload.length >> 8, payload.length & 0xff]);
    this.#socket.write(Buffer.concat([Buffer.from([BINARY]), length, payload]));
  }

  close(): void {
    this.#socket.end(Buffer.from([CLOSE, 0]));
  }
}

/** The protocols that a client offers. */
export function offeredProtocols(request: IncomingMessage): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}
