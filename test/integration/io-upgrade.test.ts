import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { startHttpServer, type HttpServerOptions } from '../../src/io/http.ts';
import { problem, text } from '../../src/io/http-response.ts';
import { refuseUpgrade } from '../../src/io/upgrade.ts';

async function start(context: TestContext, onUpgrade: NonNullable<HttpServerOptions['onUpgrade']>) {
  const routes = { 'GET /': () => text('here'), 'GET /large': () => text('x'.repeat(64 * 1024 * 1024)) };
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, purpose: 'a test', routes, onUpgrade });
  context.after(() => server.close());
  return server.address.port;
}

const asking = (path: string, upgrade: string) =>
  `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: ${upgrade}\r\n\r\n`;

async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

test('a request for a WebSocket is handed over; one that offers HTTP/2 is answered like any other', async (context) => {
  const port = await start(context, (_, socket) => refuseUpgrade(socket, problem(403, 'Not you.')));
  const refused = await answerTo(port, asking('/', 'WebSocket'));
  assert.match(refused, /^HTTP\/1\.1 403 Forbidden\r\n/);
  assert.match(refused, /\r\nconnection: close\r\n/);
  assert.match(refused, /"detail":"Not you\."\}$/);
  assert.match(await answerTo(port, asking('/', 'h2c')), /^HTTP\/1\.1 200 OK\r\n.*here$/s);
});

test('who is refused and does not read the answer loses the connection', { timeout: 90_000 }, async (context) => {
  const cut = Promise.withResolvers<void>();
  const port = await start(context, (_, socket) => {
    socket.once('close', () => cut.resolve());
    refuseUpgrade(socket, problem(403, 'Not you.'), 50);
  });
  const mute = connect(port, '127.0.0.1');
  context.after(() => mute.destroy());
  mute.on('error', () => undefined);
  // What stands before the refusal is more than the two ends of a connection take.
  mute.write('GET /large HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(mute, 'readable');
  mute.write(asking('/', 'websocket'));
  await cut.promise;
});
