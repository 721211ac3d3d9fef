import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpResponse } from './http-response.ts';

/** Answers a request to upgrade in plain HTTP, and ends its connection. */
export function refuseUpgrade(socket: Duplex, { status, contentType, body, headers }: HttpResponse): void {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    connection: 'close',
    'cache-control': 'no-store',
    ...headers,
    'content-type': contentType,
    'content-length': String(bytes.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), bytes]),
  );
}
