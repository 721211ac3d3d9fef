import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { holderContainer, sweepContainer } from '../../src/chaos/kubernetes/chaos-container.ts';
import { heldIn, holdersOf } from '../../src/chaos/kubernetes/held-state.ts';

const NOW_SECONDS = 1_800_000_000;
const FACTS = {
  rackId: 3,
  serverId: 14,
  description: 'loss 20 %',
  durationSeconds: 60,
  startBySeconds: NOW_SECONDS + 30,
};

/** A pod that has had these holders, one after the other; their states by their ids. A sweep has the id `sweep`. */
function podWith(
  states: Readonly<Record<string, V1ContainerState | null>>,
  durationSeconds: number | null = 60,
): V1Pod {
  const containers = Object.keys(states).map((id) =>
    id === 'sweep'
      ? sweepContainer({ image: 'i', nonce: 'ab', script: '' })
      : holderContainer({ image: 'i', facts: { ...FACTS, id, durationSeconds }, script: '' }),
  );
  const statuses = Object.values(states).flatMap((state, index) => {
    const name = containers[index]?.name ?? '';
    return state === null ? [] : [{ name, state, image: 'i', imageID: '', ready: false, restartCount: 0 }];
  });
  return {
    metadata: { name: 'server-3-14', namespace: 'netwatch', labels: { rack: '7', server: '7' } },
    spec: { containers: [], ephemeralContainers: containers },
    status: { phase: 'Running', ephemeralContainerStatuses: statuses },
  };
}

function running(startedAgoSeconds: number): V1ContainerState {
  return { running: { startedAt: new Date((NOW_SECONDS - startedAgoSeconds) * 1000) } };
}

function ended(exitCode: number, message = ''): V1ContainerState {
  return { terminated: { exitCode, reason: 'Error', message } };
}

function conditions(pod: V1Pod, nowSeconds = NOW_SECONDS): readonly string[] {
  return holdersOf(pod, nowSeconds).map(({ condition }) => condition);
}

test('a holder that runs holds for its time, counted from its start', () => {
  assert.deepEqual(heldIn(podWith({ a: running(20) }), NOW_SECONDS), [
    {
      id: 'a',
      // As it was when it was injected, whatever labels the pod has got since.
      server: { rackId: 3, serverId: 14, place: 'pod netwatch/server-3-14' },
      description: 'loss 20 %',
      untilSeconds: NOW_SECONDS + 40,
      state: 'active',
      problem: null,
    },
  ]);
  const [forEver] = heldIn(podWith({ a: running(1e6) }, null), NOW_SECONDS);
  assert.deepEqual([forEver?.untilSeconds, forEver?.state], [null, 'active']);
});

test('half a minute after its time a holder that still runs is left over', () => {
  assert.deepEqual(conditions(podWith({ a: running(89) })), ['active']);
  assert.deepEqual(conditions(podWith({ a: running(91) })), ['overdue']);
});

test('one that waits may start until it is too late', () => {
  for (const state of [null, { waiting: { reason: 'ImagePullBackOff' } }]) {
    assert.deepEqual(conditions(podWith({ a: state })), ['waiting']);
    assert.deepEqual(conditions(podWith({ a: state }), NOW_SECONDS + 34), ['waiting']);
    assert.deepEqual(conditions(podWith({ a: state }), NOW_SECONDS + 36), ['over']);
  }
  const [held] = heldIn(podWith({ a: null }), NOW_SECONDS);
  assert.deepEqual([held?.untilSeconds, held?.state], [NOW_SECONDS + 90, 'active']);
});

test('exit codes say what is left', () => {
  for (const code of [0, 10, 11, 20, 21])
    assert.deepEqual(conditions(podWith({ a: ended(code) })), ['over'], String(code));
  assert.deepEqual(conditions(podWith({ a: ended(12) })), ['failed']);
  for (const code of [1, 2, 127, 137, 143])
    assert.deepEqual(conditions(podWith({ a: ended(code) })), ['leftover'], String(code));
});

test('what is left stays until a later sweep has ended well', () => {
  assert.deepEqual(conditions(podWith({ a: ended(137), sweep: ended(0) })), ['over']);
  assert.deepEqual(conditions(podWith({ a: ended(12), sweep: ended(12) })), ['failed']);
  assert.deepEqual(conditions(podWith({ a: ended(137), sweep: running(1) })), ['leftover']);
  assert.deepEqual(conditions(podWith({ sweep: ended(0), a: ended(137) })), ['leftover']);
  assert.deepEqual(conditions(podWith({ a: ended(137), b: ended(0) })), ['leftover', 'over']);
});

test('a pod that has ended took everything with it', () => {
  const pod = podWith({ a: ended(137), b: ended(12) });
  assert.deepEqual(conditions(pod), ['leftover', 'failed']);
  Object.assign(pod.status ?? {}, { phase: 'Failed' });
  assert.deepEqual(conditions(pod), ['over', 'over']);
});

test('containers of others are none of ours', () => {
  const pod = podWith({ a: running(1) });
  pod.spec?.ephemeralContainers?.unshift({ name: 'debugger-x7' }, { name: 'netwatch-sweeper' });
  assert.deepEqual(
    heldIn(pod, NOW_SECONDS).map(({ id }) => id),
    ['a'],
  );
});

test('a holder of which nothing is known is that of the pod’s server', () => {
  const pod = podWith({ a: running(1) });
  delete pod.spec?.ephemeralContainers?.[0]?.env;
  const [held] = heldIn(pod, NOW_SECONDS);
  assert.deepEqual([held?.id, held?.server.rackId, held?.untilSeconds, held?.state], ['a', 7, null, 'active']);
});
