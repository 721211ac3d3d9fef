// Clients of the live socket: told where, they connect, then measure when they are told to how old frames are that come.
// One of them reads nothing while it is told to be there.

import { WebSocket } from 'ws';
import { createWallClock } from '../../src/io/clock.ts';
import { SOCKET_PROTOCOL } from '../../src/wire/api/socket.ts';
import type { SocketClientsRequest } from '../socket-clients.ts';

const clock = createWallClock();
/** Where the time of a frame stands, far before its lists. */
const HEAD_BYTES = 256;
let delays: number[] = [];
let deaf: WebSocket | null = null;
let port = 0;
let servers = 0;

process.on('disconnect', () => process.exit());
process.on('message', (request: SocketClientsRequest) => void take(request));

async function take(request: SocketClientsRequest): Promise<void> {
  if (request.kind === 'connect') {
    ({ port, servers } = request);
    await Promise.all(
      Array.from({ length: request.clients }, (_, n) => connect(['health', topicOf(n % servers)], true)),
    );
  } else if (request.kind === 'deaf') {
    deaf?.terminate();
    deaf = request.isThere
      ? await connect(
          Array.from({ length: servers }, (_, n) => topicOf(n)),
          false,
        )
      : null;
  } else {
    delays = [];
    await new Promise((resolve) => void setTimeout(resolve, request.seconds * 1000));
    const sorted = delays.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    process.send?.({ frames: sorted.length, p50Seconds: at(0.5), p99Seconds: at(0.99) });
    return;
  }
  process.send?.({ done: true });
}

function topicOf(serverId: number): string {
  return `server:0/${serverId}`;
}

async function connect(topics: readonly string[], isReading: boolean): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, [SOCKET_PROTOCOL]);
  socket.on('message', (data: Buffer) => {
    const head = data.toString('latin1', 0, HEAD_BYTES);
    const sentSeconds = Number(/"frame":\{.*?"timestamp":([\d.]+)/.exec(head)?.[1]);
    if (sentSeconds > 0) delays.push(clock.nowSeconds() - sentSeconds);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  for (const topic of topics) socket.send(JSON.stringify({ type: 'subscribe', topic }));
  if (!isReading) socket.pause();
  return socket;
}
