import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import type { HeldInjection, Target, TargetServer } from '../../src/chaos/target.ts';
import { type DockerDouble, type DoubleContainer, startDockerDouble } from '../support/docker-double.ts';
import { rateInjection } from '../support/injections.ts';

const { signal } = new AbortController();

interface Broken {
  readonly double: DockerDouble;
  readonly target: Target;
  readonly servers: readonly TargetServer[];
  readonly container: DoubleContainer;
  readonly helper: DoubleContainer;
  /** Everything that is ours on the server, or one injection. */
  readonly clear: (id?: string) => Promise<string | null>;
  readonly status: () => Promise<readonly Pick<HeldInjection, 'state' | 'problem' | 'untilSeconds'>[]>;
}

/** A server with an injection of a minute in force. */
async function setUp(context: TestContext, durationSeconds: number | null = 60): Promise<Broken> {
  const double = await startDockerDouble(context);
  const container = double.addServer(0, 3);
  const target = createDockerTarget({ dockerHost: double.host, helperImage: 'netwatch-chaos', composeProject: null });
  context.after(() => target.close());
  const servers = await target.list(signal);
  await target.apply(rateInjection({ durationSeconds }), servers, signal);
  const [helper] = double.helpers;
  assert.ok(helper);
  return {
    double,
    target,
    servers,
    container,
    helper,
    async clear(id) {
      const [outcome] = await target.clear(servers, { id: id ?? null, signal });
      assert.ok(outcome);
      return outcome.problem;
    },
    async status() {
      return (await target.status(signal)).map(({ state, problem, untilSeconds }) => ({
        state,
        problem,
        untilSeconds,
      }));
    },
  };
}

function startsOf({ requests }: DockerDouble): number {
  return requests.filter((request) => request.endsWith('/start')).length;
}

test('an undo that its holder confirms needs no sweep', async (context) => {
  const { double, clear } = await setUp(context);
  assert.equal(await clear(), null);
  assert.deepEqual(double.helpers, []);
  assert.equal(startsOf(double), 1);
});

test('only the injection that is named is undone', async (context) => {
  const { double, clear } = await setUp(context);
  assert.equal(await clear('000000000000'), null);
  assert.equal(double.helpers[0]?.status, 'running');
  assert.equal(startsOf(double), 1, 'nothing is swept either');
  assert.equal(await clear('abcdef012345'), null);
  assert.deepEqual(double.helpers, []);
});

for (const exitCode of [137, 143, 12, 1]) {
  test(`a holder that ended with ${exitCode} is not believed: a sweep follows, and only then it is removed`, async (context) => {
    const { double, helper, container, clear } = await setUp(context);
    double.end(helper, exitCode);
    let swept: DoubleContainer | undefined;
    double.onStart = (started) => {
      swept = started;
      assert.ok(double.helpers.includes(helper), 'the evidence is still there');
      return { lines: ['netwatch: undone'], exitCode: 0 };
    };
    assert.equal(await clear(), null);
    assert.equal(swept?.networkMode, `container:${container.id}`);
    assert.deepEqual(double.helpers, []);
  });
}

test('what a sweep cannot remove is a problem, and the evidence stays', async (context) => {
  const { double, helper, clear, status } = await setUp(context);
  double.onStop = () => 12;
  helper.log.push('netwatch: problem the qdisc 4e57: of eth0 cannot be removed');
  double.onStart = () => ({ lines: ['netwatch: problem tc is broken'], exitCode: 12 });
  const undone = 'its helper container could not undo it (exit 12): the qdisc 4e57: of eth0 cannot be removed';
  assert.equal(await clear(), `${undone}; a sweep did not remove what is left: tc is broken`);
  assert.deepEqual(double.helpers, [helper]);
  assert.deepEqual(await status(), [{ state: 'failed', problem: undone, untilSeconds: double.nowSeconds + 60 }]);
});

test('a container that is gone took everything with it', async (context) => {
  const { double, helper, container, clear, status } = await setUp(context);
  double.end(helper, 137);
  double.remove(container);
  assert.deepEqual(await status(), []);
  assert.equal(await clear(), null);
  assert.deepEqual(double.helpers, []);
  assert.equal(startsOf(double), 1);
});

test('a container that was made anew under another name does not hide the old helper', async (context) => {
  const { double, target, helper, container } = await setUp(context);
  double.remove(container);
  double.addServer(0, 3, { name: 'server-0-3-again' });
  const [outcome] = await target.clear(await target.list(signal), { id: null, signal });
  assert.equal(outcome?.problem, null);
  assert.ok(!double.containers.includes(helper));
});

test('a helper of another server is left alone', async (context) => {
  const { double, target, helper } = await setUp(context);
  double.addServer(0, 4);
  const others = (await target.list(signal)).filter(({ serverId }) => serverId === 4);
  await target.clear(others, { id: null, signal });
  assert.equal(helper.status, 'running');
  assert.deepEqual(double.helpers, [helper]);
});

test('without any trace of an injection, a clear looks all the same', async (context) => {
  const { double, helper, clear } = await setUp(context);
  double.remove(helper);
  assert.equal(await clear(), null);
  assert.equal(startsOf(double), 2);
  double.images.clear();
  double.failures.push({ request: /create/, status: 404, message: 'No such image: netwatch-chaos:latest' });
  assert.match((await clear()) ?? '', /^the helper image netwatch-chaos is not there: make it with docker build/);
});

test('a helper that was removed by hand is missed by a clear of its injection alone, too', async (context) => {
  const { double, helper, container, clear } = await setUp(context);
  double.remove(helper);
  let swept: DoubleContainer | undefined;
  double.onStart = (started) => {
    swept = started;
    return { lines: ['netwatch: undone'], exitCode: 0 };
  };
  assert.equal(await clear('abcdef012345'), null);
  assert.deepEqual(
    [swept?.networkMode, swept?.name, swept?.labels['netwatch.chaos']],
    [`container:${container.id}`, helper.name, 'sweep'],
    'it has the name of a holder, so that no other injection begins meanwhile',
  );
  assert.deepEqual(double.helpers, []);
  double.onStart = () => ({ lines: ['netwatch: problem tc is broken'], exitCode: 12 });
  assert.equal(await clear('abcdef012345'), 'a sweep did not remove what is left: tc is broken');
});

test('another injection that begins while one is cleared is left alone', async (context) => {
  const { double, helper, clear } = await setUp(context);
  double.remove(helper);
  double.failures.push({
    request: /create\?name=netwatch-chaos-server-0-3/,
    status: 409,
    message: 'Conflict. The container name "/netwatch-chaos-server-0-3" is already in use by container "x".',
  });
  assert.equal(await clear('abcdef012345'), null);
  assert.equal(startsOf(double), 1);
});

test('a sweep that was killed half-way does not keep the next clear of an injection out', async (context) => {
  const { double, helper, clear } = await setUp(context);
  double.remove(helper);
  const ids = { 'netwatch.chaos.target': 'x', 'netwatch.chaos.rack': '0', 'netwatch.chaos.server': '3' };
  const labels = { ...helper.labels, 'netwatch.chaos': 'sweep', ...ids };
  double.add(helper.name, { status: 'exited', exitCode: 137, labels });
  assert.equal(await clear('abcdef012345'), null);
  assert.equal(startsOf(double), 2);
  assert.deepEqual(double.helpers, []);
});

test('where an injection never began, its undo has nothing to look for', async (context) => {
  const { double, target } = await setUp(context);
  double.addServer(0, 4);
  const fresh = (await target.list(signal)).filter(({ serverId }) => serverId === 4);
  double.images.clear();
  await assert.rejects(target.apply(rateInjection({ id: '543210fedcba' }), fresh, signal), /is not there/);
  const [outcome] = await target.clear(fresh, { id: '543210fedcba', signal });
  assert.equal(outcome?.problem, null);
  assert.equal(startsOf(double), 1);
});

test('a paused helper hears no signal: it is woken first', async (context) => {
  const { double, helper, clear, status } = await setUp(context);
  helper.status = 'paused';
  const [held] = await status();
  assert.deepEqual(
    [held?.state, held?.problem],
    ['leftover', 'its helper container is paused, so that it never ends by itself'],
  );
  double.onStop = ({ status: now }) => (now === 'paused' ? 137 : 0);
  assert.equal(await clear(), null);
  assert.equal(startsOf(double), 1, 'its own undo is certain');
});

test('a helper that was made and never started has done nothing', async (context) => {
  const { double, helper, clear, status } = await setUp(context);
  Object.assign(helper, { status: 'created', startedAt: '0001-01-01T00:00:00Z' });
  assert.deepEqual(await status(), []);
  assert.equal(await clear(), null);
  assert.deepEqual(double.helpers, []);
  assert.equal(startsOf(double), 1);
});

test('the container of a sweep whose injector was killed is removed', async (context) => {
  const { double, clear } = await setUp(context);
  const ids = { 'netwatch.chaos.target': 'x', 'netwatch.chaos.rack': '0', 'netwatch.chaos.server': '3' };
  double.add('old-sweep', { status: 'exited', labels: { 'netwatch.chaos': 'sweep', ...ids } });
  assert.equal(await clear(), null);
  assert.deepEqual(double.helpers, []);
});

test('status: in force, over, long over, killed', async (context) => {
  const { double, target, helper, status } = await setUp(context);
  const untilSeconds = double.nowSeconds + 60;
  assert.deepEqual(await target.status(signal), [
    {
      id: 'abcdef012345',
      server: { rackId: 0, serverId: 3, place: 'container server-0-3' },
      description: 'rate 1 Mbit/s',
      untilSeconds,
      state: 'active',
      problem: null,
    },
  ]);
  double.nowSeconds += 119;
  assert.equal((await status())[0]?.state, 'active', 'on a busy machine its end takes a moment');
  double.nowSeconds += 2;
  const problem = 'its time was over 61 s ago and its helper still runs';
  assert.deepEqual(await status(), [{ state: 'leftover', problem, untilSeconds }]);
  double.end(helper, 137);
  assert.deepEqual(await status(), [
    { state: 'leftover', problem: 'its helper container was killed (exit 137)', untilSeconds },
  ]);
  helper.exitCode = 0;
  assert.deepEqual(await status(), []);
});

const GONE_FROM_SERVER: Record<string, (container: DoubleContainer) => void> = {
  'has stopped': (container) => void (container.status = 'exited'),
  'is being restarted': (container) => void (container.status = 'restarting'),
  'was started again': (container) => void (container.startedAt = new Date(1_900_000_000_000).toISOString()),
  'has left its networks': (container) => void (container.endpointIds = []),
  'has left its network and joined again': (container) => void (container.endpointIds = ['another-endpoint']),
};
for (const [what, change] of Object.entries(GONE_FROM_SERVER)) {
  test(`status: nothing is in force on a server that ${what}, and its helper is ended by a clear`, async (context) => {
    const { double, container, clear, status } = await setUp(context);
    assert.equal((await status()).length, 1);
    change(container);
    assert.deepEqual(await status(), []);
    assert.equal(await clear('abcdef012345'), null);
    assert.deepEqual(double.helpers, []);
  });
}

test('status: on a server that has left one network of two it is in force', async (context) => {
  const double = await startDockerDouble(context);
  const container = double.addServer(0, 3, { endpointIds: ['a'.repeat(64), 'b'.repeat(64)] });
  const target = createDockerTarget({ dockerHost: double.host, helperImage: 'netwatch-chaos', composeProject: null });
  await target.apply(rateInjection(), await target.list(signal), signal);
  container.endpointIds.shift();
  assert.equal((await target.status(signal))[0]?.state, 'active');
  container.endpointIds.shift();
  assert.deepEqual(await target.status(signal), []);
});

test('status: for ever is never over', async (context) => {
  const { double, status } = await setUp(context, null);
  double.nowSeconds += 1e6;
  assert.deepEqual(await status(), [{ state: 'active', problem: null, untilSeconds: null }]);
});

test('status of one compose project leaves out the others', async (context) => {
  const { double } = await setUp(context);
  const target = createDockerTarget({
    dockerHost: double.host,
    helperImage: 'netwatch-chaos',
    composeProject: 'other',
  });
  assert.deepEqual(await target.status(signal), []);
});
