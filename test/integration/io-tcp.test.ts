import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { lastingPort } from '../support/lasting-port.ts';
import { dial, listen } from './io-tcp-peers.ts';

test('what was written arrives, and a close flushes it first', async (context) => {
  const { port, heard, next } = await listen(context);
  const { line, next: lineNext } = dial(context, { port });
  assert.equal(line.write('too early'), false);
  await lineNext('writable');
  const closed = next('closed');
  const written: boolean[] = [];
  const long = 'x'.repeat(1_000_000);
  assert.equal(
    line.write(long, (isWritten) => written.push(isWritten)),
    true,
  );
  await Promise.all([line.close(5000), line.close()]);
  assert.equal(await closed, 'peer');
  assert.equal(heard.join('').length, long.length);
  assert.deepEqual(written, [true]);
  assert.equal(line.write('too late'), false);
  assert.equal(line.state, 'closed');
});

/** A server that accepts and reads nothing. */
async function listenPaused(context: TestContext) {
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const server = createServer({ pauseOnConnect: true }, resolve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  return { accepted, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

test('a full buffer refuses, takes nothing, and says when there is room', async (context) => {
  const { accepted, port } = await listenPaused(context);
  const { line, next } = dial(context, { port });
  await next('writable');
  const chunk = Buffer.alloc(1 << 20, 'x');
  let taken = 0;
  while (line.write(chunk)) taken += chunk.length;
  const room = next('writable');
  let received = 0;
  const socket = await accepted;
  const ended = once(socket, 'end');
  socket.on('data', (bytes: Buffer) => (received += bytes.length));
  socket.resume();
  await room;
  assert.equal(line.write('y'), true);
  await line.close(5000);
  await ended;
  assert.equal(received, taken + 1);
});

test('a line comes back after its server did, and says why it was away', async (context) => {
  const first = await listen(context, { port: lastingPort() });
  const { line, states, next } = dial(context, { port: first.port });
  await next('connected');
  const left = next('waiting');
  await first.server.close();
  assert.equal(await left, 'ENDED');
  assert.equal(line.write('lost?'), false);
  assert.equal(await next('waiting'), 'ECONNREFUSED');
  const second = await listen(context, { port: first.port });
  await next('connected');
  const data = second.next('data');
  assert.equal(line.write('here again'), true);
  assert.equal(await data, 'here again');
  await line.close();
  assert.deepEqual(
    states.filter((state, at) => state !== states[at - 2]),
    ['connected', 'waiting ENDED', 'connecting', 'waiting ECONNREFUSED', 'connected', 'closed'],
  );
});

test('a write that the connection broke under is told', async (context) => {
  const { accepted, port } = await listenPaused(context);
  const { line, next } = dial(context, { port, firstRetryMs: 60_000 });
  await next('writable');
  const outcomes: boolean[] = [];
  let taken = 0;
  while (line.write(Buffer.alloc(1 << 20), (isWritten) => outcomes.push(isWritten))) taken += 1;
  const broken = next('waiting');
  (await accepted).resetAndDestroy();
  assert.equal(await broken, 'ECONNRESET');
  assert.equal(outcomes.length, taken);
  assert.equal(outcomes.at(-1), false);
});

test('a server that takes connections and drops them at once is not hammered', async (context) => {
  const { port } = await listen(context, {
    onConnection: (connection) => {
      connection.destroy();
      return { onData: () => {}, onClose: () => {} };
    },
  });
  const timers = context.mock.method(globalThis, 'setTimeout');
  const { next } = dial(context, { port, firstRetryMs: 1, longestRetryMs: 8, random: () => 1 });
  for (let round = 0; round < 5; round++) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await next('waiting');
  }
  const waits = timers.mock.calls.map((call) => call.arguments[1]).filter((waitMs) => waitMs !== 5000);
  assert.deepEqual(waits.slice(0, 5), [1, 2, 4, 8, 8]);
});

test('closing while it waits or connects ends at once', async (context) => {
  const { server, port } = await listen(context);
  await server.close();
  const waiting = dial(context, { port, firstRetryMs: 60_000, longestRetryMs: 60_000 });
  await waiting.next('waiting');
  await waiting.line.close();
  const connecting = dial(context, { port });
  await connecting.line.close();
  assert.deepEqual(connecting.states, ['closed']);
});

test('connections beyond the limit are rejected and counted', async (context) => {
  const { server, port, next } = await listen(context, { maxConnections: 1 });
  const opened = next('open');
  const first = dial(context, { port });
  await Promise.all([opened, first.next('connected')]);
  const rejected = next('rejected');
  const second = connect(port, '127.0.0.1');
  second.on('error', () => {});
  assert.equal(await rejected, 'too-many-connections');
  assert.equal(server.connections, 1);
});

test('a half-open client is closed after the idle time', async (context) => {
  const { server, port, next } = await listen(context, { idleTimeoutMs: 20 });
  const closed = next('closed');
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  context.after(() => client.destroy());
  assert.equal(await closed, 'idle');
  assert.equal(server.connections, 0);
});

test('a server that closes tells its peers and hears their last words', async (context) => {
  const { server, port, heard, next } = await listen(context);
  const opened = next('open');
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await opened;
  client.resume().once('end', () => client.end('last words'));
  const closed = next('closed');
  await Promise.all([server.close(60_000), server.close()]);
  assert.equal(await closed, 'closed');
  assert.deepEqual(heard, ['last words']);
});

test('a server answers, and sees what a peer does not read', async (context) => {
  const chunk = Buffer.alloc(1 << 20, 'x');
  const answered = Promise.withResolvers<number>();
  const { port } = await listen(context, {
    onConnection: (connection) => ({
      onData(bytes) {
        connection.write(`heard ${bytes.toString()}`);
        while (connection.bufferedBytes < 2 * chunk.length) connection.write(chunk);
        answered.resolve(connection.bufferedBytes);
        connection.destroy();
        connection.write('too late');
      },
      onClose: () => {},
    }),
  });
  const client = connect({ port, host: '127.0.0.1' });
  client.on('error', () => {});
  client.write('me');
  const [first] = await once(client, 'data');
  assert.match(String(first), /^heard mex*$/);
  assert.ok((await answered.promise) >= 2 * chunk.length);
});

test('a server that closes cuts the peers that stay', async (context) => {
  const { server, port, next } = await listen(context);
  const opened = next('open');
  const stubborn = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  context.after(() => stubborn.destroy());
  stubborn.on('error', () => {});
  await opened;
  const closed = next('closed');
  await server.close(20);
  assert.equal(await closed, 'closed');
});

test('a taken port is named with what it was for', async (context) => {
  const { port } = await listen(context);
  const message = `cannot listen for reports on 127.0.0.1:${port} (tcp): the port is taken`;
  await assert.rejects(listen(context, { port }), { name: 'ListenError', message });
});
