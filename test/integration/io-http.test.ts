import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { json, text } from '../../src/io/http-response.ts';
import type { HttpRoutes } from '../../src/io/http-router.ts';
import { errorCode } from '../../src/io/listen-error.ts';
import { startHttpServer, type HttpServerOptions } from '../../src/io/http.ts';

async function start(context: TestContext, routes: HttpRoutes, options: Partial<HttpServerOptions> = {}) {
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, purpose: 'metrics', routes, ...options });
  context.after(() => server.close());
  return server;
}

async function rawAnswer(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  // A server that cuts off what it will not read resets the connection, at times before its answer was read.
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => void socket.once('close', resolve));
  return answer;
}

test('answers GET and HEAD, and errors as problem details', async (context) => {
  const server = await start(context, {
    'GET /streams/:server/spectrum': ({ params, query }) => json({ ...params, window: query.get('window') }),
    'GET /metrics': () => Promise.resolve(text('up 1\n', 'text/plain; version=0.0.4')),
  });
  const base = `http://127.0.0.1:${server.address.port}`;
  const spectrum = await fetch(`${base}/streams/7/spectrum?window=2`);
  assert.deepEqual(await spectrum.json(), { server: '7', window: '2' });
  assert.equal(spectrum.headers.get('content-type'), 'application/json; charset=utf-8');
  const head = await fetch(`${base}/metrics`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '5', '']);
  const missing = await fetch(`${base}/nothing`);
  assert.equal(missing.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await missing.json(), {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing at this path.',
  });
  const posted = await fetch(`${base}/metrics`, { method: 'POST', body: 'x'.repeat(100_000) });
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
});

test('a handler gets the body, its type, the authorization, origin and host; a body that is too long is a 413', async (context) => {
  const server = await start(
    context,
    {
      'PUT /echo': ({ content: { body, ...headers } }) => json({ ...headers, body: body.toString('utf8') }),
    },
    { maxBodyBytes: 10 },
  );
  const put = async (body: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.address.port}/echo`, {
      method: 'PUT',
      body,
      headers: {
        authorization: 'Bearer abc',
        'content-type': 'Application/JSON; charset=utf-8',
        origin: 'http://page.example',
      },
    });
  const answer = await put('0123456789');
  assert.deepEqual(await answer.json(), {
    authorization: 'Bearer abc',
    mediaType: 'application/json',
    origin: 'http://page.example',
    host: `127.0.0.1:${server.address.port}`,
    body: '0123456789',
  });
  const tooLong = await put('0123456789a');
  assert.deepEqual([tooLong.status, tooLong.headers.get('content-type')], [413, 'application/problem+json']);
});

test('a handler that throws is a 500 that says nothing of it, and the caller hears why', async (context) => {
  const errors: unknown[] = [];
  const secret = new Error('secret');
  const fail = (): never => {
    throw secret;
  };
  const routes = { 'GET /sync': fail, 'GET /async': () => Promise.reject(secret) };
  const server = await start(context, routes, { onError: (error) => errors.push(error) });
  const answers = await Promise.all(
    ['sync', 'async'].map(async (path) => {
      const answer = await fetch(`http://127.0.0.1:${server.address.port}/${path}`);
      return [answer.status, await answer.text()];
    }),
  );
  for (const [status, body] of answers) {
    assert.equal(status, 500);
    assert.doesNotMatch(String(body), /secret|http\.ts/);
  }
  assert.deepEqual(errors, [secret, secret]);
});

test('a taken port is named with what it was for', async (context) => {
  const server = await start(context, {});
  const { port } = server.address;
  const message = `cannot listen for metrics on 127.0.0.1:${port} (tcp): the port is taken`;
  await assert.rejects(start(context, {}, { port }), { name: 'ListenError', message });
});

test('close ends idle connections, those that never asked and those under way, and is idempotent', async (context) => {
  const asked = Promise.withResolvers<void>();
  const server = await start(
    context,
    {
      'GET /': () => text('here'),
      'GET /never': () => {
        asked.resolve();
        return new Promise(() => {});
      },
    },
    // Only the request under way needs the deadline.
    { closeDeadlineMs: 20 },
  );
  const { port } = server.address;
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve) => {
    const request = httpRequest({ port, agent }, (response) => void response.resume().once('end', resolve));
    request.end();
  });
  const mute = connect(port, '127.0.0.1');
  const hanging = httpRequest({ port, path: '/never' }).end();
  const cut = new Promise<string>((resolve) => void hanging.once('error', (error) => resolve(errorCode(error))));
  const muteClosed = once(mute.resume(), 'close');
  await Promise.all([once(mute, 'connect'), asked.promise]);
  await Promise.all([server.close(), server.close(), muteClosed]);
  assert.equal(await cut, 'ECONNRESET');
  agent.destroy();
});

test('an answer under way when closing begins is given whole, and its connection ends', async (context) => {
  const asked = Promise.withResolvers<void>();
  const proceed = Promise.withResolvers<void>();
  const server = await start(
    context,
    {
      'GET /slow': async () => {
        asked.resolve();
        await proceed.promise;
        return text('done');
      },
    },
    { closeDeadlineMs: 60_000 },
  );
  const answer = fetch(`http://127.0.0.1:${server.address.port}/slow`);
  await asked.promise;
  const closing = server.close();
  proceed.resolve();
  assert.equal(await (await answer).text(), 'done');
  await closing;
});

test('a client that asks and never reads loses its connection', { timeout: 90_000 }, async (context) => {
  const asked = Promise.withResolvers<void>();
  const routes = {
    'GET /large': () => {
      asked.resolve();
      return text('x'.repeat(64 * 1024 * 1024));
    },
    'GET /': () => text('here'),
  };
  const server = await start(context, routes, { stallTimeoutMs: 250, maxConnections: 1 });
  const { port } = server.address;
  const greedy = connect(port, '127.0.0.1').pause();
  context.after(() => greedy.destroy());
  greedy.on('error', () => {});
  greedy.write('GET /large HTTP/1.1\r\nhost: a\r\n\r\n');
  await asked.promise;
  let answer = '';
  while (answer === '') {
    // oxlint-disable-next-line no-await-in-loop -- the only connection is taken until the server cuts it
    answer = await rawAnswer(port, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  }
  assert.match(answer, /here$/);
});

test('garbage, an endless header and a header that never ends are answered and cut', async (context) => {
  const server = await start(context, { 'GET /': () => text('') }, { requestTimeoutMs: 50 });
  const { port } = server.address;
  assert.match(await rawAnswer(port, 'NW\u0001\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await rawAnswer(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}`), /^(?:HTTP\/1\.1 431 .*)?/);
  assert.match(await rawAnswer(port, 'GET / HTTP/1.1\r\nhost: a\r\n'), /^HTTP\/1\.1 408 /);
});

test('connections beyond the limit are dropped', async (context) => {
  const server = await start(context, { 'GET /': () => text('here') }, { maxConnections: 1 });
  const first = connect(server.address.port, '127.0.0.1');
  await once(first, 'connect');
  const second = connect(server.address.port, '127.0.0.1');
  second.on('error', () => {});
  second.resume();
  await once(second, 'close');
  first.destroy();
});
