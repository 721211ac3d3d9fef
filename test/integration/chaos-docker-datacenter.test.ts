import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { chooseTarget, type Reach } from '../../src/chaos/choose-target.ts';
import { runInjection } from '../../src/chaos/run-injection.ts';
import { chaosSpec } from '../../src/config/chaos.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { runDatacenter } from '../support/datacenter-client.ts';
import { type DockerDouble, startDockerDouble } from '../support/docker-double.ts';
import { lossOf } from '../support/injections.ts';
import { tarOfFile, tarOfLink } from '../support/tar-of.ts';

const TOKEN = 'token-of-the-datacenter-0123456789abcdef';
const TOKEN_PATH = '/run/netwatch/control/token';
const BY_HAND = 'give --url and --control-token-file';

type Flags = Readonly<Record<string, string>>;

function configOf(flags: Flags) {
  return loadConfig(chaosSpec, { flags: { target: 'docker', ...flags }, env: {}, file: undefined });
}

/** Finds the target as the command does. */
async function reachOf(context: TestContext, double: DockerDouble, flags: Flags = {}): Promise<Reach> {
  const reach = await chooseTarget({
    config: configOf({ all: 'true', loss: '20', ...flags }),
    labDirectory: '/nonexistent',
    docker: { dockerHost: double.host },
    kubeconfig: undefined,
    signal: new AbortController().signal,
    onProblem: (text) => assert.fail(text),
  });
  context.after(() => reach.target.close());
  return reach;
}

/** A lab in containers: a server, and a datacenter that has its token and its port. */
function addLab(double: DockerDouble, project = 'lab', ports = ['127.0.0.1:18080->8080/tcp', '8000/tcp']) {
  const labels = { 'com.docker.compose.project': project };
  const files = new Map([[TOKEN_PATH, tarOfFile(`${TOKEN}-${project}\n`)]]);
  double.addServer(0, 1, { name: `${project}_server`, labels });
  return double.addDatacenter(`${project}_datacenter_1`, { labels, files, ports });
}

async function known(context: TestContext, double: DockerDouble, flags: Flags = {}) {
  const { apiUrl, token, untold } = await reachOf(context, double, flags);
  return { apiUrl, token, untold };
}

const untoldOf = (untold: string, apiUrl = 'http://127.0.0.1:8080') => ({ apiUrl, token: null, untold });

test('the datacenter of a lab in containers is told, at the port that is published, with its own token', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  const found = { apiUrl: 'http://127.0.0.1:18080', token: `${TOKEN}-lab`, untold: null };
  assert.deepEqual(await known(context, double), found);
  assert.deepEqual(await known(context, double, { url: 'http://dc.example' }), {
    ...found,
    apiUrl: 'http://dc.example',
  });
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

test('whoever gives a token is believed, and nothing is looked for', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(folder, { recursive: true }));
  const controlTokenFile = join(folder, 'token');
  await writeFile(controlTokenFile, 'g'.repeat(40));
  const given = { apiUrl: 'http://127.0.0.1:8080', token: 'g'.repeat(40), untold: null };
  assert.deepEqual(await known(context, double, { 'control-token-file': controlTokenFile }), given);
  assert.deepEqual(double.requests, []);
});

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
  const found = { apiUrl: 'http://127.0.0.1:2222', token: `${TOKEN}-two`, untold: null };
  assert.deepEqual(await known(context, double, { 'compose-project': 'two' }), found);
  const both =
    '2 containers have the label netwatch.role=datacenter, one_datacenter_1 (one) and two_datacenter_1 (two)';
  assert.deepEqual(
    await known(context, double),
    untoldOf(`${both}: say which with --compose-project NAME, or ${BY_HAND}`),
  );
  double.addDatacenter('more', { labels: { 'com.docker.compose.project': 'two' } });
  const { untold } = await known(context, double, { 'compose-project': 'two' });
  assert.equal(
    untold,
    `2 containers have the label netwatch.role=datacenter, two_datacenter_1 (two) and more (two): ${BY_HAND}`,
  );
});

test('a port that is not published, or for UDP, is none', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double, 'lab', ['8080/tcp', '127.0.0.1:8080->8080/udp', '127.0.0.1:8080->8000/tcp']);
  const untold = 'the container lab_datacenter_1 does not publish its port 8080: publish it, or give --url';
  assert.deepEqual(await known(context, double), untoldOf(untold));
  assert.deepEqual(await known(context, double, { url: 'http://dc:1' }), {
    apiUrl: 'http://dc:1',
    token: `${TOKEN}-lab`,
    untold: null,
  });
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

test('what Docker refuses is said in its own words', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double);
  double.failures.push({ request: /archive/, status: 500, message: 'the store is on fire' });
  const { untold } = await known(context, double);
  assert.match(untold ?? '', /: Docker could not read a file of a container: the store is on fire; give/);
  double.failures.push({ request: /containers\/json/, status: 500, message: 'no list' });
  const { untold: other } = await known(context, double);
  assert.equal(other, 'the datacenter was not looked for: Docker could not list its containers: no list');
});

/** Injects for a moment and gives what the command said. */
async function inject(context: TestContext, double: DockerDouble): Promise<string> {
  const said: string[] = [];
  const sink = {
    write: (text: string) => {
      said.push(text);
      return true;
    },
  };
  const injected = await runInjection({
    config: configOf({ all: 'true', loss: '20', detach: 'true' }),
    impairment: lossOf(0.2),
    reach: await reachOf(context, double),
    output: { stdout: sink, stderr: sink, json: false, showsProgress: false },
    signal: new AbortController().signal,
  });
  assert.ok(injected);
  return said.join('');
}

test('the datacenter shows what is injected into its lab', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(folder, { recursive: true }));
  const controlTokenFile = join(folder, 'token');
  await writeFile(controlTokenFile, `${TOKEN}-lab`, { mode: 0o600 });
  const { datacenter, get } = await runDatacenter(context, { controlTokenFile });
  const double = await startDockerDouble(context);
  addLab(double, 'lab', [`127.0.0.1:${datacenter.apiPort}->8080/tcp`]);
  assert.match(await inject(context, double), /^injected on .*: loss 20 %/);
  const { injections } = (await (await get('/api/v1/chaos')).json()) as { injections: ChaosNotice[] };
  assert.deepEqual(
    injections.map(({ target, description, servers }) => ({ target, description, servers })),
    [{ target: 'docker', description: 'loss 20 %', servers: [{ rack_id: 0, server_ids: [1] }] }],
  );
});

test('a datacenter that cannot be told does not keep anything from being injected; one line says why', async (context) => {
  const double = await startDockerDouble(context);
  addLab(double).files.clear();
  const [first, second, ...others] = (await inject(context, double)).trim().split('\n');
  assert.match(first ?? '', /^the datacenter was not told: the token of the container lab_datacenter_1 is not known: /);
  assert.match(second ?? '', /^injected on .*: loss 20 %/);
  assert.deepEqual(others, []);
});
