import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import type { TargetServer } from '../../src/chaos/target.ts';
import { startDockerDouble } from '../support/docker-double.ts';
import { applyToAll, startDockerTarget } from '../support/docker-target.ts';
import { rateInjection } from '../support/injections.ts';
import { waitUntil } from '../support/wait-until.ts';

const { signal } = new AbortController();

test('servers are listed by rack and server id, and a container with a broken label is told of', async (context) => {
  const double = await startDockerDouble(context);
  for (const [rackId, serverId] of [
    [10, 0],
    [2, 1],
    [2, 0],
    [0, 65_536],
    [0, ''],
  ] as const)
    double.addServer(rackId, serverId);
  double.add('no-rack', { labels: { 'netwatch.role': 'server', 'netwatch.server': '1' } });
  const problems: string[] = [];
  const target = createDockerTarget({
    dockerHost: double.host,
    helperImage: 'netwatch-chaos',
    composeProject: null,
    onProblem: (text) => problems.push(text),
  });
  assert.deepEqual(await target.list(signal), [
    { rackId: 2, serverId: 0, place: 'container server-2-0' },
    { rackId: 2, serverId: 1, place: 'container server-2-1' },
    { rackId: 10, serverId: 0, place: 'container server-10-0' },
  ]);
  const allowed = 'allowed is a whole number from 0 to 65535';
  assert.deepEqual(problems, [
    `container server-0-65536 is left out: its label netwatch.server is "65536", ${allowed}`,
    `container server-0- is left out: its label netwatch.server is "", ${allowed}`,
    `container no-rack is left out: its label netwatch.rack is missing, ${allowed}`,
  ]);
});

test('a helper joins the network with NET_ADMIN and nothing else', async (context) => {
  const { double, target } = await startDockerTarget(context);
  const server = double.addServer(0, 3);
  assert.deepEqual(await applyToAll(target, { seed: 7 }), [null]);
  const [helper] = double.helpers;
  assert.ok(helper?.asked);
  const { HostConfig: host, Cmd: command, Entrypoint: entrypoint, Image: image } = helper.asked;
  assert.deepEqual(
    { ...host, LogConfig: undefined },
    {
      NetworkMode: `container:${server.id}`,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      Memory: 64 * 1024 * 1024,
      PidsLimit: 32,
      Init: true,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      LogConfig: undefined,
    },
  );
  assert.deepEqual([image, entrypoint, command?.[0]], ['netwatch-chaos', ['sh'], '-c']);
  assert.match(command?.[1] ?? '', /rate 1mbit/);
  assert.equal(helper.name, 'netwatch-chaos-server-0-3');
  assert.deepEqual(helper.labels, {
    'netwatch.chaos': 'holder',
    'netwatch.chaos.id': 'abcdef012345',
    'netwatch.chaos.target': server.id,
    'netwatch.chaos.target-endpoints': 'endpoint-of-',
    'netwatch.chaos.target-name': 'server-0-3',
    'netwatch.chaos.rack': '0',
    'netwatch.chaos.server': '3',
    'netwatch.chaos.project': '',
    'netwatch.chaos.description': 'rate 1 Mbit/s',
    'netwatch.chaos.duration-seconds': '60',
    'netwatch.chaos.seed': '7',
  });
});

test('without the helper image nothing is done, and the message says how to make it', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.images.clear();
  await assert.rejects(applyToAll(target), {
    name: 'ChaosError',
    message:
      'the helper image netwatch-chaos is not there: make it with docker build -t netwatch-chaos containers/chaos ' +
      '(in the folder of NetWatch), or name another with --helper-image',
  });
  assert.deepEqual(double.helpers, []);
});

test('a server that has gone meanwhile is a problem of that server alone', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  const gone: TargetServer = { rackId: 0, serverId: 1, place: 'container server-0-1' };
  const outcomes = await target.apply(rateInjection(), [...(await target.list(signal)), gone], signal);
  assert.deepEqual(
    outcomes.map(({ problem }) => problem),
    [null, 'it does not run any more: start it, or choose another server'],
  );
});

test('a container that stops just before its helper joins', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.failures.push({
    request: /\/start/,
    status: 409,
    message: 'cannot join network of a non running container: 1',
  });
  assert.deepEqual(await applyToAll(target), ['the container stopped in between: start it, and inject again']);
  assert.deepEqual(double.helpers, [], 'the helper that never ran is removed');
});

test('what the daemon says to a helper is told', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.failures.push({ request: /\/start/, status: 500, message: 'OCI runtime create failed: sh: not found' });
  const [problem] = await applyToAll(target);
  assert.equal(problem, 'Docker could not start a helper container: OCI runtime create failed: sh: not found');
});

test("somebody else's qdisc: whose it looks like is told, and the helper goes", async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.onStart = () => ({ lines: ['netwatch: refused eth0 htb 1: bandwidth shared out'], exitCode: 10 });
  assert.deepEqual(await applyToAll(target), [
    'eth0 has the qdisc htb 1:, which is not ours (it looks like bandwidth shared out) and was left alone: ' +
      'remove it first, or choose another server',
  ]);
  assert.deepEqual(double.helpers, []);
});

test('a kernel without netem', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.onStart = () => ({ lines: ['netwatch: problem the kernel has no sch_netem'], exitCode: 11 });
  assert.deepEqual(await applyToAll(target), ['the kernel has no sch_netem']);
});

test('a helper that ends without a word says how it ended; nobody knows what it did, so that a sweep follows', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.onStart = ({ labels }) => ({ lines: [], exitCode: labels['netwatch.chaos'] === 'sweep' ? 0 : 127 });
  assert.deepEqual(await applyToAll(target), ['its helper container ended at once: it ended with exit 127']);
  assert.ok(double.requests.filter((request) => request.includes('/start')).length === 2, 'the sweep was started');
  assert.deepEqual(double.helpers, []);
});

test('an older injection is undone first, and only then the new one begins', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  await applyToAll(target);
  const [older] = double.helpers;
  assert.deepEqual(await applyToAll(target, { id: '543210fedcba' }), [null]);
  assert.deepEqual(
    double.helpers.map(({ labels }) => labels['netwatch.chaos.id']),
    ['543210fedcba'],
  );
  const done = double.requests.map((request) => request.replace(older?.id ?? '', 'OLDER'));
  const stopped = done.indexOf('POST /containers/OLDER/stop?t=30');
  assert.ok(stopped > 0 && stopped < done.findLastIndex((request) => request.includes('/create')));
});

test('where an older injection cannot be undone, nothing is put over it', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  await applyToAll(target);
  double.onStop = () => 12;
  double.onStart = () => ({ lines: ['netwatch: problem the qdisc stays'], exitCode: 12 });
  const [problem] = await applyToAll(target, { id: '543210fedcba' });
  assert.match(
    problem ?? '',
    /^an older injection cannot be undone: .* could not undo it \(exit 12\).*the qdisc stays$/,
  );
  assert.deepEqual(
    double.helpers.map(({ labels }) => labels['netwatch.chaos.id']),
    ['abcdef012345'],
    'the evidence stays',
  );
});

test('an abort ends the wait at once, and a clear finds what was begun', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.onStart = () => ({ lines: [], exitCode: null });
  const servers = await target.list(signal);
  const abort = new AbortController();
  const applied = target.apply(rateInjection(), servers, abort.signal);
  await waitUntil('a helper runs', () => double.helpers.some(({ status }) => status === 'running'));
  abort.abort(new Error('Ctrl-C'));
  await assert.rejects(applied, { message: 'Ctrl-C' });
  await target.clear(servers, { id: 'abcdef012345', signal });
  assert.deepEqual(double.helpers, []);
});

test('an abort ends even the wait for a daemon that does not answer', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  const servers = await target.list(signal);
  double.silent = /images/;
  const abort = new AbortController();
  const applied = target.apply(rateInjection(), servers, abort.signal);
  await waitUntil('it asks', () => double.requests.some((request) => request.includes('images')));
  abort.abort(new Error('Ctrl-C'));
  await assert.rejects(applied, { message: 'Ctrl-C' });
});

test('the plan is a command line and what the helper runs, and nothing is done', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0, { labels: { 'com.docker.compose.project': "o'brien" } });
  double.addServer(0, 1, { networkMode: 'host' });
  const [own, host] = target.plan(rateInjection(), await target.list(signal));
  const [comment, command = '', ...rest] = own?.commands ?? [];
  assert.match(comment ?? '', /^# beside the container server-0-0/);
  assert.match(command, /^docker run --detach --name netwatch-chaos-server-0-0 --network container:server-0-0 --init /);
  assert.match(command, /--cap-drop ALL --cap-add NET_ADMIN --read-only --security-opt no-new-privileges/);
  assert.ok(command.includes(String.raw`--label 'netwatch.chaos.project=o'\''brien'`), command);
  assert.ok(rest.some((line) => line.startsWith('tc qdisc replace dev eth0 root handle 4e57: tbf rate 1mbit')));
  assert.match(host?.commands.join('') ?? '', /^# the container server-0-1 is refused: it uses the host's own network/);
  assert.deepEqual(double.helpers, []);
});
