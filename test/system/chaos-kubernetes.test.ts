import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test, type TestContext } from 'node:test';
import type { Target, TargetServer } from '../../src/chaos/target.ts';
import { startKubernetesApiDouble } from '../support/kubernetes-api-double.ts';
import { openTarget, RATE, problemOf, serverLabels } from '../support/kubernetes-cluster.ts';
import { type LivePod, startLivePod } from '../support/live-kubelet.ts';
import { waitUntil } from '../support/wait-until.ts';

const OURS = /qdisc tbf 4e57: root .*rate 1Mbit/;

const lacks = lacking();
const skip = process.env['CI'] ? false : lacks;

/** What this machine has not that these tests need; false: nothing. */
function lacking(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to make network namespaces';
  const tools = ['ip', 'tc', 'unshare', 'nsenter', 'setpriv'];
  const missing = tools.filter((tool) => spawnSync(tool, ['-V']).error !== undefined);
  return missing.length > 0 && `has no ${missing.join(', ')}`;
}

async function startCluster(
  context: TestContext,
): Promise<{ pod: LivePod; target: Target; servers: readonly TargetServer[] }> {
  assert.ok(lacks === false, `${String(lacks)}, and in CI no test may skip`);
  const pod = startLivePod(context, `nwtest-k8s-${process.pid}`);
  const api = await startKubernetesApiDouble(context);
  const double = api.addPod({ name: 'server-3-0', labels: serverLabels(3, 0) });
  double.kubelet = (container) => pod.start(container);
  const target = await openTarget(context, api);
  return { pod, target, servers: await target.list(context.signal) };
}

describe('ephemeral containers with NET_ADMIN alone, in a network namespace with the kernel’s own tc', { skip }, () => {
  test('an injection is in force when it is said to be, and gone after its undo', async (context) => {
    const { pod, target, servers } = await startCluster(context);
    const { signal } = context;
    assert.doesNotMatch(pod.qdisc, OURS);
    assert.equal(problemOf(await target.apply(RATE, servers, signal)), 'no problem');
    assert.match(pod.qdisc, OURS);
    assert.equal((await target.status(signal))[0]?.state, 'active');
    assert.equal(problemOf(await target.clear(servers, { id: RATE.id, signal })), 'no problem');
    assert.doesNotMatch(pod.qdisc, /4e57/);
    assert.deepEqual(await target.status(signal), []);
  });

  test('its deadline is its own: nobody else has to be there', async (context) => {
    const { pod, target, servers } = await startCluster(context);
    const injection = { ...RATE, durationSeconds: 1 };
    assert.equal(problemOf(await target.apply(injection, servers, context.signal)), 'no problem');
    await target.close();
    await waitUntil('it is undone', () => !pod.qdisc.includes('4e57'));
    await waitUntil('it is not held any more', async () => (await target.status(context.signal)).length === 0);
  });

  test('what a killed holder leaves is seen, and swept away', async (context) => {
    const { pod, target, servers } = await startCluster(context);
    const { signal } = context;
    await target.apply(RATE, servers, signal);
    pod.kill();
    await waitUntil('it is left over', async () => (await target.status(signal))[0]?.state === 'leftover');
    assert.match(pod.qdisc, OURS);
    assert.equal(problemOf(await target.clear(servers, { id: RATE.id, signal })), 'no problem');
    assert.doesNotMatch(pod.qdisc, /4e57/);
    assert.deepEqual(await target.status(signal), []);
  });

  test('a qdisc of somebody else is refused and not touched', async (context) => {
    const { pod, target, servers } = await startCluster(context);
    const args = ['-n', pod.namespace, 'qdisc', 'add', 'dev', 'eth0', 'root', 'handle', '1:', 'tbf', 'rate', '5mbit'];
    assert.equal(spawnSync('tc', [...args, 'burst', '5k', 'latency', '50ms']).status, 0);
    const before = pod.qdisc;
    assert.match(
      problemOf(await target.apply(RATE, servers, context.signal)),
      /^refused, nothing was changed: eth0 has /,
    );
    assert.equal(pod.qdisc, before);
  });
});
