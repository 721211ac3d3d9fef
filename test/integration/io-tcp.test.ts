import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { connectWithBackoff, type TcpLineOptions } from '../../src/io/tcp-client.ts';
import { startTcpServer, type TcpServerOptions } from '../../src/io/tcp-server.ts';
import { readTlsFiles, type TlsMaterial } from '../../src/io/tls-files.ts';

const FAST = { firstRetryMs: 5, longestRetryMs: 20, random: () => 0 };

/** A server that keeps what it hears. */
async function listen(context: TestContext, options: Partial<TcpServerOptions> = {}) {
  const events = new EventEmitter();
  const heard: string[] = [];
  const server = await startTcpServer({
    host: '127.0.0.1',
    port: 0,
    purpose: 'reports',
    maxConnections: 4,
    idleTimeoutMs: 60_000,
    onConnection(connection) {
      events.emit('open', connection);
      return {
        onData(bytes) {
          heard.push(bytes.toString());
          events.emit('data', heard.join(''));
        },
        onClose: (reason) => events.emit('closed', reason),
      };
    },
    onReject: (reason) => events.emit('rejected', reason),
    ...options,
  });
  context.after(() => server.close(0));
  const next = async (name: string): Promise<unknown> => (await once(events, name))[0] as unknown;
  return { server, port: server.address.port, heard, next };
}

/** A line that tells of its states. */
function dial(context: TestContext, options: Partial<TcpLineOptions> & { port: number }) {
  const events = new EventEmitter();
  const states: string[] = [];
  const line = connectWithBackoff({
    host: '127.0.0.1',
    ...FAST,
    onState(state, cause) {
      states.push(cause === null ? state : `${state} ${cause}`);
      events.emit(state, cause);
    },
    onWritable: () => events.emit('writable'),
    ...options,
  });
  context.after(() => line.close(0));
  const next = async (name: string): Promise<unknown> => (await once(events, name))[0] as unknown;
  return { line, states, next };
}

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
  const first = await listen(context);
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

const pem = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
const SERVER: TlsMaterial = { ca: pem('ca.pem'), cert: pem('server.pem'), key: pem('server.key') };
const CLIENT: TlsMaterial = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') };

test('TLS with a client certificate carries lines, to a name and to an address', async (context) => {
  const { server, port, next } = await listen(context, { tls: SERVER });
  for (const host of ['127.0.0.1', 'localhost']) {
    const { line, next: lineNext } = dial(context, { host, port, tls: CLIENT });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await lineNext('writable');
    const data = next('data');
    const closed = next('closed');
    line.write(host);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await data;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await line.close();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal(await closed, 'peer');
  }
  assert.equal(server.connections, 0);
});

test('a client without the right certificate is rejected and counted', async (context) => {
  const { server, port, next } = await listen(context, { tls: SERVER });
  const none: TlsMaterial = { ...CLIENT, cert: null, key: null };
  const stranger: TlsMaterial = { ...CLIENT, cert: pem('stranger.pem'), key: pem('stranger.key') };
  for (const tls of [none, stranger]) {
    const rejected = next('rejected');
    const { line } = dial(context, { port, tls, firstRetryMs: 60_000 });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal(await rejected, 'tls');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await line.close(0);
  }
  assert.equal(server.connections, 0);
});

test('a server that is not who it should be is not talked to', async (context) => {
  const { port, heard } = await listen(context, { tls: { ...SERVER, ca: null } });
  const trustsOthers = dial(context, { port, tls: { ca: pem('stranger.pem'), cert: null, key: null } });
  assert.match(String(await trustsOthers.next('waiting')), /UNABLE_TO_|SELF_SIGNED/);
  const elsewhere = await listen(context, { tls: { ca: null, cert: pem('elsewhere.pem'), key: pem('elsewhere.key') } });
  const wrongName = dial(context, { port: elsewhere.port, tls: CLIENT });
  assert.equal(await wrongName.next('waiting'), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.deepEqual([heard, elsewhere.heard], [[], []]);
});

test('a TLS server closes although a client never began its handshake', async (context) => {
  const { server, port } = await listen(context, { tls: SERVER });
  const mute = connect(port, '127.0.0.1');
  mute.on('error', () => {});
  await once(mute, 'connect');
  const cut = new Promise((resolve) => void mute.resume().once('close', resolve));
  await server.close(20);
  await cut;
});

test('TLS files are read, and one that is not there is named with its flag', async () => {
  const path = new URL('../fixtures/tls/ca.pem', import.meta.url).pathname;
  assert.deepEqual(await readTlsFiles({ tlsCaFile: path, tlsCertFile: null, tlsKeyFile: null }), {
    ca: pem('ca.pem'),
    cert: null,
    key: null,
  });
  await assert.rejects(
    readTlsFiles({ tlsCaFile: null, tlsCertFile: `${path}.not`, tlsKeyFile: null }),
    /^Error: --tls-cert-file: cannot read .*ca\.pem\.not: ENOENT/,
  );
});
