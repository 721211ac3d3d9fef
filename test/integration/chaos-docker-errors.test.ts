import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectDocker } from '../../src/chaos/docker/connection.ts';
import { dockerError } from '../../src/chaos/docker/docker-errors.ts';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import { startDockerDouble } from '../support/docker-double.ts';

const signal = new AbortController().signal;

async function listError(dockerHost: string, composeProject: string | null = null): Promise<string> {
  const target = createDockerTarget({ dockerHost, helperImage: 'netwatch-chaos', composeProject });
  const error: unknown = await target.list(signal).then(
    () => assert.fail('it lists servers'),
    (reason: unknown) => reason,
  );
  await target.close();
  assert.ok(error instanceof Error && error.name === 'ChaosError', String(error));
  return error.message;
}

/** A folder for sockets, removed after the test. */
function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'netwatch-socket-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('no socket: the daemon does not run', async (context) => {
  const host = `unix://${folder(context)}/none.sock`;
  const message = `no Docker daemon answers at ${host} (ENOENT): start Docker, or say with DOCKER_HOST where it is`;
  assert.equal(await listError(host), message);
});

test('nobody listens behind the address', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  server.close();
  await once(server, 'close');
  const host = `tcp://127.0.0.1:${address.port}`;
  assert.match(await listError(host), new RegExp(`^no Docker daemon answers at ${host} \\(ECONNREFUSED\\)`));
});

test('what permission denied, an unknown host and a broken connection are called', () => {
  const place = 'unix:///var/run/docker.sock';
  const said = (code: string): string =>
    dockerError(Object.assign(new Error(`${code} it`), { code }), { doing: 'list its containers', place }).message;
  assert.equal(
    said('EACCES'),
    `this user may not use Docker at ${place}: run it with sudo, or let the user into the group docker ` +
      '(sudo usermod -aG docker USER, then log in again)',
  );
  assert.match(said('ENOTFOUND'), /^the host of .* is not known/);
  assert.equal(
    said('ECONNRESET'),
    `Docker at ${place} could not list its containers: the connection failed (ECONNRESET: ECONNRESET it)`,
  );
});

test('an answer that is no answer of Docker', async (context) => {
  const server = createServer((socket) => socket.end('hello\r\n\r\n')).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  assert.match(
    await listError(`tcp://127.0.0.1:${address.port}`),
    /could not list its containers: the connection failed/,
  );
});

test('an error of the daemon is told in its own words', async (context) => {
  const double = await startDockerDouble(context);
  double.failures.push({ request: /containers\/json/, status: 500, message: 'the store is on fire' });
  assert.equal(await listError(double.host), 'Docker could not list its containers: the store is on fire');
});

for (const [given, advice] of [
  ['nonsense', ''],
  ['unix://', ''],
  ['ftp://host', ''],
  [
    'ssh://user@host',
    ' Forward the socket with ssh -L /tmp/docker.sock:/var/run/docker.sock HOST, and give unix:///tmp/docker.sock.',
  ],
] as const) {
  test(`DOCKER_HOST=${given}`, () => {
    const allowed = 'allowed is unix://PATH, npipe://PATH, tcp://HOST:PORT or https://HOST:PORT.';
    assert.throws(() => connectDocker({ dockerHost: given }), {
      name: 'ChaosError',
      message: `DOCKER_HOST is "${given}", ${allowed}${advice}`,
    });
  });
}

test('TLS without certificates says where they were looked for', (context) => {
  const certPath = folder(context);
  assert.throws(() => connectDocker({ dockerHost: 'tcp://127.0.0.1:2376', tlsVerify: '1', certPath }), {
    message: `Docker is reached with TLS, but ${certPath}/ca.pem cannot be read: set DOCKER_CERT_PATH to its folder`,
  });
});

test('no container has the labels', async (context) => {
  const double = await startDockerDouble(context);
  double.add('somebody');
  double.addServer(0, 1, { status: 'exited' });
  const labels = 'the labels netwatch.role=server, netwatch.rack=N and netwatch.server=N';
  const advice = 'start the servers, or give their containers these labels';
  assert.equal(await listError(double.host), `no running container has ${labels}: ${advice}`);
  assert.equal(
    await listError(double.host, 'a'),
    `no running container of the compose project a has ${labels}: ${advice}`,
  );
  double.addServer('zero', 1);
  assert.equal(
    await listError(double.host),
    `no running container has ${labels}: ${advice}; container server-zero-1 is left out: ` +
      'its label netwatch.rack is "zero", allowed is a whole number from 0 to 65535',
  );
});

for (const project of [undefined, 'a']) {
  test(`the same server twice, ${project ? 'in one' : 'without a'} compose project`, async (context) => {
    const double = await startDockerDouble(context);
    const labels: Record<string, string> = project === undefined ? {} : { 'com.docker.compose.project': project };
    double.addServer(0, 1, { name: 'one', labels });
    double.addServer(0, 1, { name: 'two', labels });
    const advice = 'stop one of them, or give it another netwatch.rack or netwatch.server label';
    assert.equal(await listError(double.host), `rack 0 server 1 is two containers, one and two: ${advice}`);
  });
}

test('the same server in two compose projects: which one is meant must be said', async (context) => {
  const double = await startDockerDouble(context);
  double.addServer(0, 1, { name: 'one', labels: { 'com.docker.compose.project': 'a' } });
  double.addServer(0, 1, { name: 'two', labels: { 'com.docker.compose.project': 'b' } });
  assert.equal(
    await listError(double.host),
    'rack 0 server 1 is two containers, one (compose project a) and two (compose project b): ' +
      'give the one that is meant with --compose-project NAME',
  );
  const target = createDockerTarget({ dockerHost: double.host, helperImage: 'x', composeProject: 'b' });
  assert.deepEqual(await target.list(signal), [{ rackId: 0, serverId: 1, place: 'container two' }]);
});
