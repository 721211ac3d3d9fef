import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from '../../src/chaos/docker/engine.ts';
import { startDockerDouble } from '../support/docker-double.ts';
import { addLab, known, reachOf, TOKEN, untoldOf } from '../support/docker-lab.ts';

const BY_HAND = 'give --url and --control-token-file';

test('the datacenter of a lab in containers is told, at the port that is published, with its own token', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  const found = { apiUrl: 'http://127.0.0.1:18080', token: `${TOKEN}-lab`, untoldReason: null };
  assert.deepEqual(await known(context, double), found);
});

for (const [ports, apiUrl] of [
  [['0.0.0.0:3333->8080/tcp'], 'http://127.0.0.1:3333'],
  [[':::3333->8080/tcp', '0.0.0.0:4444->8080/tcp'], 'http://127.0.0.1:4444'],
  [[':::3333->8080/tcp'], 'http://[::1]:3333'],
  [['10.1.2.3:8080->8080/tcp'], 'http://10.1.2.3:8080'],
  [['fd00::1:8080->8080/tcp'], 'http://[fd00::1]:8080'],
] as const) {
  test(`published as ${ports.join(' and ')}, its API is at ${apiUrl}`, async (context) => {
    const double = await startDockerDouble(context);
    addLab(double, 'lab', [...ports]);
    assert.equal((await known(context, double)).apiUrl, apiUrl);
  });
}

test('without a datacenter that runs', async (context) => {
  const double = await startDockerDouble(context);
  const { labels, files } = addLab(double);
  double.remove(double.containers[1] ?? assert.fail());
  double.addDatacenter('stopped', { labels, files, status: 'exited' });
  const none = `has the label netwatch.role=datacenter: start it, or ${BY_HAND}`;
  assert.deepEqual(await known(context, double), untoldOf(`no running container ${none}`));
  assert.deepEqual(
    await known(context, double, { 'compose-project': 'other', url: 'http://dc:1' }),
    untoldOf(`no running container of the compose project other ${none}`, 'http://dc:1'),
  );
});

test('of two compose projects the one that is meant is told; else none is', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double, 'one', ['127.0.0.1:1111->8080/tcp']);
  addLab(double, 'two', ['127.0.0.1:2222->8080/tcp']);
  const found = { apiUrl: 'http://127.0.0.1:2222', token: `${TOKEN}-two`, untoldReason: null };
  assert.deepEqual(await known(context, double, { 'compose-project': 'two' }), found);
  const both =
    '2 containers have the label netwatch.role=datacenter, one_datacenter_1 (one) and two_datacenter_1 (two)';
  assert.deepEqual(
    await known(context, double),
    untoldOf(`${both}: say which with --compose-project NAME, or ${BY_HAND}`),
  );
  double.addDatacenter('more', { labels: { 'com.docker.compose.project': 'two' } });
  const { untoldReason } = await known(context, double, { 'compose-project': 'two' });
  assert.equal(
    untoldReason,
    `2 containers have the label netwatch.role=datacenter, two_datacenter_1 (two) and more (two): ${BY_HAND}`,
  );
});

test('a port that is not published, or for UDP, is none', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double, 'lab', ['8080/tcp', '127.0.0.1:8080->8080/udp', '127.0.0.1:8080->8000/tcp']);
  const untold = 'the container lab_datacenter_1 does not publish its port 8080: publish it, or give --url';
  assert.deepEqual(await known(context, double), untoldOf(untold));
  assert.deepEqual(await known(context, double, { url: 'http://127.0.0.1:1' }), {
    apiUrl: 'http://127.0.0.1:1',
    token: `${TOKEN}-lab`,
    untoldReason: null,
  });
});

test('what Docker refuses is said in its own words', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  double.failures.push({ request: /archive/, status: 500, message: 'the store is on fire' });
  const { untoldReason } = await known(context, double);
  assert.match(untoldReason ?? '', /: Docker could not read a file of a container: the store is on fire; give/);
  double.failures.push({ request: /containers\/json/, status: 500, message: 'no list' });
  const { untoldReason: other } = await known(context, double);
  assert.equal(other, 'the datacenter was not looked for: Docker could not list its containers: no list');
});

test('a search that is aborted leaves nothing open', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  double.silent = /containers\/json/;
  const abort = new AbortController();
  double.onRequest = () => abort.abort(new Error('Ctrl-C'));
  const closed = context.mock.method(Engine.prototype, 'close');
  let opened = 0;
  // Whoever connects looks up the place once.
  const connection = {
    get dockerHost() {
      opened++;
      return double.host;
    },
  };
  await assert.rejects(reachOf(context, connection, {}, abort.signal), { message: 'Ctrl-C' });
  assert.equal(double.requests.length, 1);
  assert.ok(opened > 0);
  assert.equal(closed.mock.callCount(), opened);
});
