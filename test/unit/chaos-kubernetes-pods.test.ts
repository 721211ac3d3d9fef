import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod } from '@kubernetes/client-node';
import { serverPods } from '../../src/chaos/kubernetes/find-pods.ts';
import { podServer } from '../../src/chaos/kubernetes/pod-identity.ts';

interface Parts {
  readonly name?: string;
  readonly labels?: Record<string, string>;
  readonly owner?: string;
  readonly phase?: string;
  readonly isTerminating?: boolean;
}

function podOf({ name = 'a-7', labels = {}, owner, phase = 'Running', isTerminating = false }: Parts): V1Pod {
  return {
    metadata: {
      name,
      namespace: 'netwatch',
      labels,
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ kind: owner, apiVersion: 'apps/v1', name: 'o', uid: 'u' }] }),
      ...(isTerminating ? { deletionTimestamp: new Date() } : {}),
    },
    status: { phase },
  };
}

function idsOf(parts: Parts): readonly [number, number] {
  const { rackId, serverId } = podServer(podOf(parts));
  return [rackId, serverId];
}

test('a label says which server a pod is', () => {
  assert.deepEqual(idsOf({ labels: { rack: '2', server: '5', 'apps.kubernetes.io/pod-index': '9' } }), [2, 5]);
  assert.deepEqual(idsOf({ labels: { rack: '65535', server: '0' } }), [65_535, 0]);
});

test('without that label, the number in its StatefulSet does', () => {
  const labels = { rack: '2' };
  assert.deepEqual(idsOf({ labels: { ...labels, 'apps.kubernetes.io/pod-index': '9' } }), [2, 9]);
  assert.deepEqual(idsOf({ name: 'server-12', labels, owner: 'StatefulSet' }), [2, 12]);
});

for (const [what, parts, message] of [
  ['no rack', { labels: { app: 'server' } }, /^pod netwatch\/a-7 is selected, but has no label rack=N/],
  ['a rack that is no number', { labels: { rack: 'b4', server: '1' } }, /but has rack=b4, .* Give it rack=0 to 65535/],
  ['a rack beyond the last', { labels: { rack: '65536', server: '1' } }, /but has rack=65536/],
  ['no server', { labels: { rack: '1' }, owner: 'ReplicaSet' }, /but has no label server=N/],
  [
    'a number that is no StatefulSet’s',
    { name: 'a-24567', labels: { rack: '1' }, owner: 'ReplicaSet' },
    /no label server=N/,
  ],
  ['a server that is empty', { labels: { rack: '1', server: '' } }, /but has server=,/],
] as const) {
  test(`a pod with ${what} is named`, () => {
    assert.throws(() => podServer(podOf(parts)), { name: 'ChaosError', message });
  });
}

test('only pods that run are servers, by rack and server id', () => {
  const labels = (rack: number, server: number) => ({ rack: String(rack), server: String(server) });
  const pods = [
    podOf({ name: 'd', labels: labels(1, 10) }),
    podOf({ name: 'c', labels: labels(1, 9) }),
    podOf({ name: 'b', labels: labels(0, 11) }),
    podOf({ name: 'starting', labels: labels(0, 1), phase: 'Pending' }),
    podOf({ name: 'ended', labels: labels(0, 2), phase: 'Succeeded' }),
    // Another has taken its place already.
    podOf({ name: 'going', labels: labels(0, 11), isTerminating: true }),
    podOf({ name: 'no server at all', phase: 'Failed' }),
  ];
  assert.deepEqual(
    serverPods(pods).map(({ server }) => server.place),
    ['pod netwatch/b', 'pod netwatch/c', 'pod netwatch/d'],
  );
});
