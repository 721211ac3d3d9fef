import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpResponse } from './http-response.ts';

/** Longest that a client may take to read why: nobody else watches over a connection that left its HTTP server. */
const READ_DEADLINE_MS = 5000;

/** Answers a request to upgrade in plain HTTP, and ends its connection. */
export function refuseUpgrade(
  socket: Duplex,
  { status, contentType, body, headers }: HttpResponse,
  deadlineMs = READ_DEADLINE_MS,
): void {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    connection: 'close',
    'cache-control': 'no-store',
    ...headers,
    'content-type': contentType,
    'content-length': String(bytes.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const timer = setTimeout(() => socket.destroy(), deadlineMs);
  socket.once('close', () => clearTimeout(timer));
  socket.once('finish', () => socket.destroy());
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), bytes]),
  );
}
