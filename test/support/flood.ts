import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestContext } from 'node:test';

/** 10 000 datagrams a second at most: more than a rack needs, less than what overruns the kernel's buffer. */
const BURST = 50;
const BURST_MS = 5;

/** Sends `count` datagrams to a port of this machine, in bursts. */
export async function flood(
  context: TestContext,
  options: { port: number; count: number; datagram: (i: number) => Uint8Array },
): Promise<void> {
  const { port, count, datagram } = options;
  const socket = createSocket('udp4').unref();
  context.after(() => socket.close());
  const send = (i: number) =>
    new Promise<void>((resolve, reject) => {
      socket.send(datagram(i), port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  for (let i = 0; i < count; i += BURST) {
    const burst = Array.from({ length: Math.min(BURST, count - i) }, (_, n) => send(i + n));
    // oxlint-disable-next-line no-await-in-loop -- the pauses are what keeps the pace
    await Promise.all([...burst, pause(BURST_MS)]);
  }
}

/** Passes datagrams on to a port, and remembers them; `onPassed` is told of each once it lies in the kernel's queue. */
export async function startTap(context: TestContext, port: number) {
  const captured: Buffer[] = [];
  const tap = { port: 0, captured, onPassed: (_bytes: Buffer): void => {} };
  const socket = createSocket('udp4');
  context.after(() => socket.close());
  socket.on('message', (bytes) => {
    captured.push(bytes);
    socket.send(bytes, port, '127.0.0.1', () => tap.onPassed(bytes));
  });
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  tap.port = socket.address().port;
  return tap;
}
