import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMPATIENT, LOSS, openTarget, problemOf, serverLabels, startCluster } from '../support/kubernetes-cluster.ts';
import { HOLDS, READY, SWEEPS } from '../support/kubernetes-pod-double.ts';
import { waitUntil } from '../support/wait-until.ts';

test('another process finds what is held, and undoes it', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  await target.close();
  const other = await openTarget(context, api);
  assert.equal((await other.status(signal)).length, 2);
  assert.equal(problemOf(await other.clear(servers, { id: null, signal })), 'no problem');
  assert.deepEqual(await other.status(signal), []);
});

test('what ended by itself is not shown, and needs no undo', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  for (const pod of pods) pod.plays.push({ ...HOLDS, steps: [READY, READY, { exit: 0 }] });
  await target.apply(LOSS, servers, signal);
  for (const pod of pods) pod.settle();
  assert.deepEqual(await target.status(signal), []);
  assert.equal(problemOf(await target.clear(servers, { id: LOSS.id, signal })), 'no problem');
  assert.equal(api.count('get pods/exec') + api.count('patch pods/ephemeralcontainers'), servers.length);
});

for (const [what, exit, state, problem] of [
  ['was killed', 137, 'leftover', 'its container died with exit code 137 before it had undone it: Error'],
  ['could not undo', 12, 'failed', 'it could not be undone: netwatch: problem eth0 is busy'],
] as const) {
  test(`what a holder leaves that ${what} is swept away by another container`, async (context) => {
    const { target, servers, pods, signal } = await startCluster(context);
    const message = exit === 12 ? { message: 'netwatch: problem eth0 is busy' } : {};
    pods[0]?.plays.push({ ...HOLDS, steps: [READY, READY, { exit, ...message }] });
    const some = servers.slice(0, 1);
    assert.equal(problemOf(await target.apply(LOSS, some, signal)), 'no problem');
    pods[0]?.settle();
    const held = await target.status(signal);
    assert.deepEqual(
      held.map((each) => ({ server: each.server, state: each.state, problem: each.problem })),
      [{ server: servers[0], state, problem }],
    );

    assert.equal(problemOf(await target.clear(some, { id: LOSS.id, signal })), 'no problem');
    const sweep = pods[0]?.containers[1];
    assert.match(sweep?.name ?? '', /^netwatch-sweep-[0-9a-f]{12}$/);
    assert.deepEqual(sweep?.securityContext?.capabilities, { drop: ['ALL'], add: ['NET_ADMIN'] });
    assert.deepEqual(await target.status(signal), []);
    // Once is enough.
    assert.equal(problemOf(await target.clear(some, { id: null, signal })), 'no problem');
    assert.equal(pods[0]?.containers.length, 2);
  });
}

test('a sweep that fails is an error, and what was left behind is still shown', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context);
  pods[0]?.plays.push(
    { ...HOLDS, steps: [READY, READY, { exit: 137 }] },
    { ...SWEEPS, steps: [{ exit: 12, message: 'netwatch: problem eth0 is busy' }] },
  );
  const some = servers.slice(0, 1);
  await target.apply(LOSS, some, signal);
  pods[0]?.settle();
  assert.equal(
    problemOf(await target.clear(some, { id: null, signal })),
    'what was left behind could not be swept away: it could NOT BE UNDONE: eth0 is busy',
  );
  assert.equal((await target.status(signal))[0]?.state, 'leftover');
});

test('an injection sweeps what is left behind before it begins', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context);
  pods[0]?.plays.push({ ...HOLDS, steps: [READY, READY, { exit: 137 }] });
  await target.apply(LOSS, servers, signal);
  for (const pod of pods) pod.settle();
  assert.equal(problemOf(await target.apply({ ...LOSS, id: 'ba9876543210' }, servers, signal)), 'no problem');
  assert.match(
    pods[0]?.containers.map(({ name }) => name).join(' ') ?? '',
    /-chaos-\S+ netwatch-sweep-\S+ netwatch-chaos-/,
  );
});

test('a holder that cannot be told to end is an error', async (context) => {
  const { api, target, servers, signal } = await startCluster(context, IMPATIENT);
  const some = servers.slice(0, 1);
  await target.apply(LOSS, some, signal);
  api.execEnd = { stderr: 'sh: cannot open /tmp/netwatch-chaos.pid\n', exitCode: 1 };
  assert.match(
    problemOf(await target.clear(some, { id: null, signal })),
    /^not undone within 0.06 s: its holder \S+ cannot be told to end: sh: cannot open/,
  );
  assert.equal((await target.status(signal))[0]?.state, 'active');
});

test('a holder that takes no notice is an error', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context, IMPATIENT);
  const some = servers.slice(0, 1);
  pods[0]?.plays.push({ steps: [READY], onTerm: null });
  await target.apply(LOSS, some, signal);
  assert.match(problemOf(await target.clear(some, { id: null, signal })), /was told to end, and still runs$/);
});

for (const how of ['cut', { status: 500, message: '' }] as const) {
  test(`a holder is told again when an exec fails in passing (${JSON.stringify(how)})`, async (context) => {
    const { api, target, servers, signal } = await startCluster(context);
    const some = servers.slice(0, 1);
    await target.apply(LOSS, some, signal);
    api.failures.push({ access: 'get pods/exec', how });
    assert.equal(problemOf(await target.clear(some, { id: null, signal })), 'no problem');
    assert.equal(api.count('get pods/exec'), 2);
  });
}

test('an exec that is cut off without a word counts by what becomes of the holder', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  const some = servers.slice(0, 1);
  await target.apply(LOSS, some, signal);
  api.execEnd = null;
  const cleared = target.clear(some, { id: null, signal });
  await waitUntil('the holder was told to end', () => api.count('get pods/exec') > 0);
  pods[0]?.term(`netwatch-chaos-${LOSS.id}`);
  assert.equal(problemOf(await cleared), 'no problem');
});

test('a container that may yet start cannot be taken back, and is waited for', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  const some = servers.slice(0, 1);
  const waiting = { waiting: 'ImagePullBackOff' };
  pods[0]?.plays.push({ ...HOLDS, steps: [waiting, waiting, waiting, waiting, waiting, READY] });
  assert.match(problemOf(await target.apply(LOSS, some, signal)), /ImagePullBackOff/);
  const [held] = await target.status(signal);
  assert.deepEqual([held?.state, held?.problem], ['active', 'its container waits (ImagePullBackOff)']);
  assert.equal(problemOf(await target.clear(some, { id: LOSS.id, signal })), 'no problem');
  assert.equal(api.count('get pods/exec'), 1);
});

test('a container that starts too late does nothing, so that it is over when that time is', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  const some = servers.slice(0, 1);
  pods[0]?.plays.push({ ...HOLDS, steps: [{ waiting: 'ErrImagePull' }] });
  await target.apply(LOSS, some, signal);
  const startBy = pods[0]?.containers[0]?.env?.find(({ name }) => name === 'NETWATCH_CHAOS_START_BY')?.value;
  assert.ok(Math.abs(Number(startBy) - Date.now() / 1000 - 60) < 60, startBy);
  // The cluster's clock is what counts.
  api.aheadSeconds = 1000;
  assert.deepEqual(await target.status(signal), []);
  assert.equal(problemOf(await target.clear(some, { id: LOSS.id, signal })), 'no problem');
  assert.equal(api.count('get pods/exec'), 0);
});

test('the time until which it may start is one of the cluster’s clock', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  api.aheadSeconds = 5000;
  await target.apply(LOSS, servers, signal);
  const startBy = pods[0]?.containers[0]?.env?.find(({ name }) => name === 'NETWATCH_CHAOS_START_BY')?.value;
  assert.ok(Math.abs(Number(startBy) - Date.now() / 1000 - 5060) < 60, startBy);
});

test('a holder that runs on long after its time is left over, and can be told to end', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  api.aheadSeconds = 1000;
  const [held] = await target.status(signal);
  assert.deepEqual([held?.state, held?.problem], ['leftover', 'its time is long over, but its container still runs']);
  assert.equal(problemOf(await target.clear(servers, { id: null, signal })), 'no problem');
  assert.deepEqual(await target.status(signal), []);
});

test('a pod that is gone needs no undo, and one of its name that took its place is not touched', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  for (const pod of pods) api.removePod(pod);
  const next = api.addPod({ name: 'server-3-0', labels: serverLabels(3, 0) });
  const outcomes = await target.clear(servers, { id: LOSS.id, signal });
  assert.deepEqual(
    outcomes.map(({ problem }) => problem),
    [null, null],
  );
  assert.deepEqual(next.containers, []);
  assert.deepEqual(await target.status(signal), []);
});

test('a pod that goes while it is undone', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  const [pod] = pods;
  assert.ok(pod);
  pod.plays.push({ steps: [READY], onTerm: null });
  const some = servers.slice(0, 1);
  await target.apply(LOSS, some, signal);
  const cleared = target.clear(some, { id: null, signal });
  await waitUntil('the holder was told to end', () => api.count('get pods/exec') > 0);
  api.removePod(pod);
  assert.equal(problemOf(await cleared), 'no problem');
});

test('a pod that is about to go is cleared, but no server any more', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  const [pod] = pods;
  assert.ok(pod);
  await target.apply(LOSS, servers, signal);
  pod.options.isTerminating = true;
  assert.deepEqual(
    (await target.list(signal)).map(({ serverId }) => serverId),
    [1],
  );
  assert.equal((await target.status(signal)).length, 2);
  assert.equal(problemOf(await target.clear(servers, { id: null, signal })), 'no problem');
  assert.deepEqual(await target.status(signal), []);
  assert.match(
    problemOf(await target.apply({ ...LOSS, id: 'ffffffffffff' }, servers, signal)),
    /does not run any more$/,
  );
  assert.equal(api.count('get pods/exec'), 2);
});
