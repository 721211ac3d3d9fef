import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { test, type TestContext } from 'node:test';
import type { DockerConnection } from '../../src/chaos/docker/connection.ts';
import { type DockerDouble, startDockerDouble } from '../support/docker-double.ts';
import { addLab, known, TOKEN, TOKEN_PATH, untoldOf } from '../support/docker-lab.ts';
import { tarOfFile, tarOfLink } from '../support/tar-of.ts';

const BY_HAND = 'give --url and --control-token-file';
/** 127.0.0.1 as no rule for loopback knows it. */
const AFAR = '[::ffff:7f00:1]';

test('whoever gives a token is believed, and nothing is looked for', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(folder, { recursive: true }));
  const controlTokenFile = join(folder, 'token');
  await writeFile(controlTokenFile, 'g'.repeat(40));
  const given = { apiUrl: 'http://127.0.0.1:8080', token: 'g'.repeat(40), untoldReason: null };
  assert.deepEqual(await known(context, double, { 'control-token-file': controlTokenFile }), given);
  assert.deepEqual(double.requests, []);
});

for (const [what, tar, why] of [
  ['absent', null, 'there is no such file'],
  ['too large', tarOfFile('x'.repeat(4097)), 'it has 4097 bytes, at most 4096 are allowed'],
  ['far too large', tarOfFile('x'.repeat(20_000_000)), 'it has 20000000 bytes, at most 4096 are allowed'],
  ['a link', tarOfLink('/etc/shadow'), 'it is a symbolic link, not a file'],
  ['no tar', Buffer.from('hello'), 'Docker sent less than a tar'],
  [
    'too short',
    tarOfFile('hunter2'),
    'A token is 32 to 256 printable characters without spaces; make one with: openssl rand -hex 32',
  ],
] as const) {
  test(`a token that is ${what} is not used, and why is known`, async (context) => {
    const double = await startDockerDouble(context);
    const { files } = addLab(double);
    if (tar === null) files.delete(TOKEN_PATH);
    else files.set(TOKEN_PATH, tar);
    const untold =
      `the token of the container lab_datacenter_1 is not known: its file ${TOKEN_PATH} cannot be used: ${why}; ` +
      'give --control-token-file';
    assert.deepEqual(await known(context, double), untoldOf(untold, 'http://127.0.0.1:18080'));
  });
}

test('a datacenter that does not say where its token is', async (context) => {
  const double = await startDockerDouble(context);
  const labels = { 'netwatch.role': 'datacenter' };
  double.add('dc', { labels, ports: ['127.0.0.1:8080->8080/tcp'] });
  const untold =
    'the token of the container dc is not known: it has no label netwatch.control-token-file with the path of its file; ' +
    'give --control-token-file';
  assert.deepEqual(await known(context, double), untoldOf(untold));
});

for (const url of [
  'http://127.0.0.1:9',
  'http://localhost:9/',
  'http://[::1]:9',
  'http://10.1.2.3:18080/',
  'http://10.1.2.3:18080',
]) {
  test(`the token goes to ${url}, which is this machine`, async (context) => {
    const double = await startDockerDouble(context);
    addLab(double, 'lab', ['10.1.2.3:18080->8080/tcp']);
    const found = { apiUrl: url, token: `${TOKEN}-lab`, untoldReason: null };
    assert.deepEqual(await known(context, double, { url }), found);
  });
}

for (const url of [
  'http://dc.example',
  'https://10.1.2.3:18080',
  'http://10.1.2.3:1',
  'http://127.0.0.1.dc.example:18080',
]) {
  test(`the token does not go to ${url}, and is not even read`, async (context) => {
    const double = await startDockerDouble(context);
    addLab(double, 'lab', ['10.1.2.3:18080->8080/tcp']);
    const untold =
      `the token of the container lab_datacenter_1 is not sent to ${url}, which is neither on loopback nor where that ` +
      'container publishes its port 8080 on this machine: give --control-token-file';
    assert.deepEqual(await known(context, double, { url }), untoldOf(untold, url));
    assert.ok(!double.requests.some((request) => request.includes('archive')), double.requests.join());
  });
}

/** The daemon as one of another machine is reached: over TCP, at an address that is not taken for loopback. */
async function reachFromAfar(context: TestContext, double: DockerDouble): Promise<DockerConnection> {
  const relay = createServer((socket) => {
    const daemon = connect(double.host.replace('unix://', ''));
    pipeline(socket, daemon, socket, () => {});
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  context.after(() => relay.close());
  return { dockerHost: `tcp://${AFAR}:${(relay.address() as AddressInfo).port}` };
}

test('the token does not go to another machine unencrypted, but through a port that is forwarded', async (context) => {
  const double = await startDockerDouble(context);
  const { ports } = addLab(double, 'lab', ['0.0.0.0:18080->8080/tcp']);
  const afar = await reachFromAfar(context, double);
  const url = `http://${AFAR}:18080`;
  const untold =
    `the token of the container lab_datacenter_1 is not sent to ${AFAR}, since it would go there unencrypted: ` +
    `forward it (ssh -L 8080:127.0.0.1:18080 ${AFAR}), and give --url; or ${BY_HAND}`;
  assert.deepEqual(await known(context, afar), untoldOf(untold, url));
  assert.equal((await known(context, afar, { url })).token, null);
  ports[0] = '127.0.0.1:18080->8080/tcp';
  const hidden =
    `the container lab_datacenter_1 publishes its port 8080 on 127.0.0.1 of ${AFAR} only: ` +
    `forward it (ssh -L 8080:127.0.0.1:18080 ${AFAR}), and give --url`;
  assert.deepEqual(await known(context, afar), untoldOf(hidden));
  assert.ok(!double.requests.some((request) => request.includes('archive')), double.requests.join());
  const forwarded = { apiUrl: 'http://127.0.0.1:8080', token: `${TOKEN}-lab`, untoldReason: null };
  assert.deepEqual(await known(context, afar, { url: 'http://127.0.0.1:8080' }), forwarded);
});
