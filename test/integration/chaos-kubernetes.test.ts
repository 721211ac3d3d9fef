import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMPATIENT, LOSS, problemOf, startCluster } from '../support/kubernetes-cluster.ts';
import { HOLDS, READY } from '../support/kubernetes-pod-double.ts';

test('injects by an ephemeral container in each pod, and undoes early by a signal', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);

  assert.deepEqual(
    await target.apply(LOSS, servers, signal),
    servers.map((server) => ({ server, problem: null })),
  );
  const held = await target.status(signal);
  assert.deepEqual(
    held.map(({ id, server, description, state, problem }) => ({ id, server, description, state, problem })),
    servers.map((server) => ({ id: LOSS.id, server, description: 'loss 20 %', state: 'active', problem: null })),
  );
  for (const { untilSeconds } of held) {
    assert.ok(untilSeconds !== null && Math.abs(untilSeconds - Date.now() / 1000 - 60) < 50, String(untilSeconds));
  }

  assert.deepEqual(
    await target.clear(servers, { id: LOSS.id, signal }),
    servers.map((server) => ({ server, problem: null })),
  );
  assert.deepEqual(await target.status(signal), []);
  assert.equal(api.count('get pods/exec'), 2);
  // Nothing had to be swept.
  assert.deepEqual(
    pods.map(({ containers }) => containers.length),
    [1, 1],
  );
});

test('is ready only when the holder says so', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  pods[0]?.plays.push({
    ...HOLDS,
    steps: [{ waiting: 'ContainerCreating' }, { log: '' }, { log: 'some words\n' }, READY],
  });
  const [outcome] = await target.apply(LOSS, servers.slice(0, 1), signal);
  assert.equal(outcome?.problem, null);
  assert.ok(api.count('get pods/log') >= 3, `${api.count('get pods/log')} looks at the log`);
});

test('the container that is asked for has NET_ADMIN and nothing else, and knows what it holds', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  const container = pods[1]?.containers[0];
  assert.equal(container?.name, 'netwatch-chaos-0123456789ab');
  assert.equal(container.image, 'netwatch-chaos:1');
  assert.deepEqual(container.securityContext, {
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    privileged: false,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    seccompProfile: { type: 'RuntimeDefault' },
  });
  const env = new Map(container.env?.map(({ name, value }) => [name, value]));
  assert.deepEqual([env.get('NETWATCH_CHAOS_RACK'), env.get('NETWATCH_CHAOS_SERVER')], ['3', '1']);
});

test('takes the place of an injection that is there', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  const next = { ...LOSS, id: 'ba9876543210' };
  assert.equal(problemOf(await target.apply(next, servers, signal)), 'no problem');
  assert.deepEqual(
    (await target.status(signal)).map(({ id }) => id),
    [next.id, next.id],
  );
  assert.equal(api.count('get pods/exec'), 2);
  assert.equal(pods[0]?.isRunning(`netwatch-chaos-${LOSS.id}`), false);
});

test('an injection of another id is left alone', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  assert.equal(problemOf(await target.clear(servers, { id: 'ffffffffffff', signal })), 'no problem');
  assert.equal(api.count('get pods/exec'), 0);
  assert.equal((await target.status(signal)).length, 2);
});

for (const [exit, message, expected] of [
  [
    10,
    'netwatch: refused eth0 htb 1: bandwidth shaping',
    /^refused, nothing was changed: eth0 has the qdisc htb 1:, which is not ours \(it looks like bandwidth shaping\)/,
  ],
  [11, 'netwatch: problem the kernel has no sch_netem', /^it could not be applied: the kernel has no sch_netem$/],
  [12, 'netwatch: problem eth0 is busy', /^it could NOT BE UNDONE: eth0 is busy$/],
  [20, '', /started too late/],
  [127, 'sh: tc: not found', /died with exit code 127: sh: tc: not found.*--helper-image/],
] as const) {
  test(`a holder that ends with ${exit}`, async (context) => {
    const { target, servers, pods, signal } = await startCluster(context);
    pods[0]?.plays.push({ ...HOLDS, steps: [{ waiting: 'ContainerCreating' }, { exit, message }] });
    assert.match(problemOf(await target.apply(LOSS, servers.slice(0, 1), signal)), expected);
  });
}

for (const reason of ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName']) {
  test(`an image that cannot be had (${reason}) is told at once`, async (context) => {
    const { target, servers, pods, signal } = await startCluster(context);
    pods[1]?.plays.push({
      ...HOLDS,
      steps: [{ waiting: 'ContainerCreating' }, { waiting: reason, message: 'no such image' }],
    });
    const outcomes = await target.apply(LOSS, servers, signal);
    assert.equal(problemOf(outcomes), 'no problem');
    assert.match(
      problemOf(outcomes, 1),
      new RegExp(`image netwatch-chaos:1 .*${reason} \\(no such image\\)\\. Name one`),
    );
  });
}

test('a container that never starts, or never says that it is ready', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context, IMPATIENT);
  pods[0]?.plays.push({ ...HOLDS, steps: [{ waiting: 'ContainerCreating' }] });
  pods[1]?.plays.push({ ...HOLDS, steps: [{ log: 'netwatch: hello\n' }] });
  const outcomes = await target.apply(LOSS, servers, signal);
  assert.match(problemOf(outcomes), /did not start within 0.06 s \(ContainerCreating\)/);
  assert.match(problemOf(outcomes, 1), /runs, but did not say within 0.06 s that it is ready/);
});
