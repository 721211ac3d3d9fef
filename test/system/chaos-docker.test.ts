import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, afterEach, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findDatacenter } from '../../src/chaos/docker/find-datacenter.ts';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import { undo } from '../../src/chaos/inject.ts';
import { BASE_IMAGE } from '../support/base-image.ts';
import { type DockerCluster, startDockerCluster } from '../support/docker-cluster.ts';
import { dockerEngineLacks } from '../support/docker-engine.ts';
import { impairmentOf, rateInjection } from '../support/injections.ts';
import { waitUntil } from '../support/wait-until.ts';

// A rate alone, which every kernel can do; what netem does is tested in a guest that has it.
const INJECTOR = fileURLToPath(new URL('../support/docker-injector.ts', import.meta.url));
const OURS = /qdisc tbf 4e57: dev eth0 root .*rate 1Mbit/;
const lacks = dockerEngineLacks();
const { signal } = new AbortController();

suite('chaos in the containers of a real Docker Engine', { skip: process.env.CI ? false : (lacks ?? false) }, () => {
  let cluster: DockerCluster;

  before(async () => {
    assert.equal(lacks, null, 'in CI no test may skip');
    cluster = await startDockerCluster('built');
  });
  afterEach(async () => cluster.empty());
  after(async () => cluster?.close());

  test('an injection is held for its time and undoes itself', async () => {
    const names = [await cluster.addServer(0, 0), await cluster.addServer(0, 1), await cluster.addServer(3, 0)];
    await cluster.inject(rateInjection({ durationSeconds: 5 }));
    for (const text of await Promise.all(names.map(async (name) => cluster.qdiscs(name)))) assert.match(text, OURS);
    assert.deepEqual(
      await cluster.held(),
      names.map((name) => `${name} active`),
    );
    await Promise.all(names.map(async (name) => cluster.untilFree(name)));
    await waitUntil('nothing is held', async () => (await cluster.held()).length === 0);
    await cluster.clear();
    assert.deepEqual(await cluster.helpers(), [], 'helpers that undid are removed by the next who comes');
  });

  test('it breaks what it says, on every network of a container, and a clear undoes it at once', async () => {
    const peer = await cluster.addServer(1, 0);
    const name = await cluster.addServer(0, 0);
    await cluster.engine.docker('network', 'connect', 'management', name);
    const slow = impairmentOf({ rateBitsPerSecond: 16_000 });
    const servers = (await cluster.target.list(signal)).filter(({ rackId }) => rackId === 0);
    const injection = rateInjection({ phases: [{ seconds: 60, impairment: slow }], durationSeconds: null });
    const outcomes = await cluster.target.apply(injection, servers, signal);
    assert.deepEqual(
      outcomes.map(({ problem }) => problem),
      [null],
    );
    assert.match(await cluster.qdiscs(name), /tbf 4e57: dev eth0 [^]*tbf 4e57: dev eth1 /);
    // Every ping is 1442 bytes on the wire, 0.7 s at this rate.
    const broken = await cluster.ping(name, peer, '-c 3', '-i 0.2', '-w 30', '-s 1400');
    assert.ok(broken.maxMs > 350, JSON.stringify(broken));
    await cluster.clear();
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    const whole = await cluster.ping(name, peer, '-c 20', '-i 0.2', '-s 1400');
    assert.ok(whole.minMs < 350, JSON.stringify(whole));
    assert.deepEqual(await cluster.helpers(), []);
  });

  test('an injector that is killed leaves nothing behind', async () => {
    const name = await cluster.addServer(0, 0);
    const injection = JSON.stringify(rateInjection({ durationSeconds: 8 }));
    const injector = spawn(process.execPath, [INJECTOR, cluster.engine.host, injection], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(injector.stdout, 'data');
    assert.match(await cluster.qdiscs(name), OURS);
    const exited = once(injector, 'exit');
    injector.kill('SIGKILL');
    assert.deepEqual(await exited, [null, 'SIGKILL']);
    assert.deepEqual(await cluster.held(), [`${name} active`], 'nobody but its helper holds it now');
    await cluster.untilFree(name);
    await waitUntil('its helper has ended', async () => (await cluster.helpers())[0]?.endsWith(' exited'));
    assert.deepEqual(await cluster.held(), []);
  });

  test('a helper that is killed leaves a rule behind, which is told of, and swept', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection());
    await cluster.engine.docker('kill', '--signal=KILL', `netwatch-chaos-${name}`);
    assert.match(await cluster.qdiscs(name), OURS);
    assert.deepEqual(await cluster.held(), [`${name} leftover: its helper container was killed (exit 137)`]);
    await cluster.clear();
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    assert.deepEqual([await cluster.held(), await cluster.helpers()], [[], []]);
  });

  test('a helper that was removed by force is missed by a clear all the same', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection());
    await cluster.engine.docker('rm', '--force', `netwatch-chaos-${name}`);
    assert.match(await cluster.qdiscs(name), OURS);
    await cluster.clear();
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    assert.deepEqual(await cluster.helpers(), []);
  });

  test('one that was removed by force is missed by a clear of its injection alone, which leaves others be', async () => {
    const [name, other] = [await cluster.addServer(0, 0), await cluster.addServer(0, 1)];
    const injection = rateInjection();
    await cluster.inject(injection);
    const [first, second] = await cluster.target.list(signal);
    assert.ok(first && second);
    await cluster.engine.docker('rm', '--force', `netwatch-chaos-${name}`);
    await cluster.engine.docker('rm', '--force', `netwatch-chaos-${other}`);
    const outcomes = await cluster.target.apply(rateInjection({ id: '000000000002' }), [second], signal);
    assert.equal(outcomes[0]?.problem, null);
    assert.match(await cluster.qdiscs(name), OURS);
    await undo({ target: cluster.target, servers: [first, second], id: injection.id });
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    assert.match(await cluster.qdiscs(other), OURS);
    assert.deepEqual(await cluster.helpers(), [`netwatch-chaos-${other} running`]);
  });

  test('injectors that begin at once take turns or hear of each other, and no container is said to have stopped', async () => {
    const name = await cluster.addServer(0, 0);
    const ids = ['000000000001', '000000000002', '000000000003', '000000000004'];
    const ends = await Promise.allSettled(ids.map(async (id) => cluster.inject(rateInjection({ id }))));
    for (const end of ends) {
      if (end.status === 'rejected') assert.match(String(end.reason), /another injector is at work on it/);
    }
    await cluster.clear();
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    assert.deepEqual(await cluster.helpers(), []);
  });

  test('a paused helper is woken and undoes', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection());
    await cluster.engine.docker('pause', `netwatch-chaos-${name}`);
    const problem = 'its helper container is paused, so that it never ends by itself';
    assert.deepEqual(await cluster.held(), [`${name} leftover: ${problem}`]);
    await cluster.clear();
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
  });

  test('a new injection takes the place of the old one, and of what a killed helper left', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection());
    const faster = { seconds: 60, impairment: impairmentOf({ rateBitsPerSecond: 2_000_000 }) };
    await cluster.inject(rateInjection({ id: '000000000002', phases: [faster] }));
    assert.match(await cluster.qdiscs(name), /tbf 4e57: .*rate 2Mbit/);
    assert.deepEqual(await cluster.held(), [`${name} active`]);
    await cluster.engine.docker('kill', '--signal=KILL', `netwatch-chaos-${name}`);
    await cluster.inject(rateInjection({ id: '000000000003' }));
    assert.match(await cluster.qdiscs(name), OURS);
    assert.deepEqual(await cluster.helpers(), [`netwatch-chaos-${name} running`]);
  });

  test('a container that dies takes its injection with it, and comes back whole', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection({ durationSeconds: null }));
    await cluster.engine.docker('kill', name);
    await waitUntil('its helper has noticed', async () => (await cluster.helpers())[0]?.endsWith(' exited'));
    assert.deepEqual(await cluster.held(), []);
    await assert.rejects(cluster.target.list(signal), /no running container has the labels/);
    await cluster.engine.docker('start', name);
    assert.doesNotMatch(await cluster.qdiscs(name), /4e57:/);
    await cluster.clear();
    assert.deepEqual(await cluster.helpers(), []);
  });

  test('what went with the network of a container is held no more, though its helper runs', async () => {
    const [restarted, rejoined] = [await cluster.addServer(0, 0), await cluster.addServer(0, 1)];
    await cluster.inject(rateInjection({ durationSeconds: null }));
    await cluster.engine.docker('network', 'disconnect', 'cluster', rejoined);
    assert.deepEqual(await cluster.held(), [`${restarted} active`]);
    await cluster.engine.docker('network', 'connect', 'cluster', rejoined);
    await cluster.engine.docker('restart', '--time=0', restarted);
    assert.doesNotMatch(await cluster.qdiscs(restarted), /4e57:/);
    assert.doesNotMatch(await cluster.qdiscs(rejoined), /4e57:/);
    assert.deepEqual(await cluster.held(), []);
    await cluster.inject(rateInjection());
    assert.deepEqual(await cluster.held(), [`${restarted} active`, `${rejoined} active`]);
    await cluster.clear();
    assert.deepEqual(await cluster.helpers(), []);
  });

  test("somebody else's qdisc is refused, named and left as it was, and no server is broken", async () => {
    const [name, other] = [await cluster.addServer(0, 0), await cluster.addServer(0, 1)];
    const rule = ['root', 'handle', '1:', 'tbf', 'rate', '5mbit', 'burst', '10kb', 'latency', '50ms'];
    await cluster.inNetworkOf(name, 'tc', 'qdisc', 'add', 'dev', 'eth0', ...rule);
    const foreign = await cluster.qdiscs(name);
    await assert.rejects(cluster.inject(rateInjection()), {
      name: 'ChaosError',
      message:
        /^nothing was injected:\n {2}rack 0 server 0 \(container server-0-0\): eth0 has the qdisc tbf 1:, which is not ours \(it looks like .*\) and was left alone: remove it first, or choose another server$/,
    });
    assert.equal(await cluster.qdiscs(name), foreign);
    assert.doesNotMatch(await cluster.qdiscs(other), /4e57:/);
    await cluster.clear();
    assert.equal(await cluster.qdiscs(name), foreign);
    assert.deepEqual(await cluster.helpers(), []);
  });

  test('Ctrl-C while helpers start: what was begun is undone', async () => {
    const names = [await cluster.addServer(0, 0), await cluster.addServer(0, 1), await cluster.addServer(0, 2)];
    const servers = await cluster.target.list(signal);
    const abort = new AbortController();
    const injection = rateInjection();
    const applied = assert.rejects(cluster.target.apply(injection, servers, abort.signal), { message: 'Ctrl-C' });
    await waitUntil('a helper is there', async () => (await cluster.helpers()).length > 0);
    abort.abort(new Error('Ctrl-C'));
    await applied;
    const outcomes = await cluster.target.clear(servers, { id: injection.id, signal });
    assert.deepEqual(
      outcomes.map(({ problem }) => problem),
      [null, null, null],
    );
    for (const text of await Promise.all(names.map(async (name) => cluster.qdiscs(name)))) {
      assert.doesNotMatch(text, /4e57:/);
    }
    await waitUntil('no helper runs', async () => (await cluster.helpers()).every((line) => !line.endsWith('running')));
  });

  test('a helper has NET_ADMIN and no other capability, and may write nowhere', async () => {
    const name = await cluster.addServer(0, 0);
    await cluster.inject(rateInjection());
    const inHelper = async (script: string): Promise<string> =>
      cluster.engine.docker('exec', `netwatch-chaos-${name}`, 'sh', '-c', script);
    const status = await inHelper('cat /proc/1/status');
    assert.match(status, /^CapEff:\t0000000000001000$/m);
    assert.match(status, /^CapBnd:\t0000000000001000$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    await assert.rejects(inHelper('echo x >/x'), /Read-only file system/);
  });

  test('the datacenter is found, and its token in a volume that nobody else can read', async (context) => {
    const { engine } = cluster;
    const token = 'f'.repeat(64);
    const volume = '--volume=control-token:/run/netwatch/control';
    const write = `umask 077; echo ${token} >/run/netwatch/control/token`;
    await engine.docker('run', '--rm', volume, BASE_IMAGE, 'sh', '-c', write);
    const labels = ['role=datacenter', 'control-token-file=/run/netwatch/control/token'];
    const flags = ['--read-only', '--network=cluster', '--publish=127.0.0.1:18080:8080', `${volume}:ro`];
    const named = labels.map((label) => `--label=netwatch.${label}`);
    await engine.docker('run', '--detach', '--init', '--name=dc', ...flags, ...named, BASE_IMAGE, 'sleep', 'infinity');
    context.after(() => engine.docker('rm', '--force', 'dc'));
    const find = () => findDatacenter({ connection: { dockerHost: engine.host }, project: null, url: null, signal });
    const apiUrl = 'http://127.0.0.1:18080';
    assert.deepEqual(await find(), { apiUrl, token, problem: null });
    await engine.docker('run', '--rm', volume, BASE_IMAGE, 'rm', '/run/netwatch/control/token');
    const { problem } = await find();
    assert.match(
      problem ?? '',
      /^the token of the container dc is not known: .*: there is no such file; give --control/,
    );
  });

  test('networks that are not their own, a server of the host and a missing image are refused', async () => {
    const owner = await cluster.addServer(0, 0);
    await cluster.addServer(0, 1, `--network=container:${owner}`);
    await cluster.addServer(0, 2, '--network=host');
    await cluster.addServer(0, 3, '--network=none');
    const shared = await cluster.addServer(0, 4);
    const guest = ['--name=guest', `--network=container:${shared}`, 'netwatch-chaos', 'sleep', 'infinity'];
    await cluster.engine.docker('run', '--detach', '--rm', ...guest);
    await assert.rejects(cluster.inject(rateInjection()), (error: Error) => {
      const [, ...lines] = error.message.split('\n').map((line) => line.replace(/.*\): (.*):.*/, '$1'));
      assert.deepEqual(lines, [
        'the server server-0-1 shares its network, and chaos would break both',
        'it shares the network of the container server-0-0, which chaos would break too',
        "it uses the host's own network, which chaos would break for the whole machine",
        'it has no network at all',
        'the container guest shares its network, and chaos would break both',
      ]);
      return true;
    });
    await cluster.engine.docker('rm', '--force', 'guest');
    assert.deepEqual(await cluster.helpers(), []);
    const options = { dockerHost: cluster.engine.host, helperImage: 'no-such-image', composeProject: null };
    const target = createDockerTarget(options);
    await assert.rejects(
      target.apply(rateInjection(), await target.list(signal), signal),
      /make it with docker build -t no-such-image/,
    );
    await target.close();
  });
});
