import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ofKind, OVERLAYS, rendered, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf } from '../support/manifest-clusters.ts';
import { podTemplates, selects, type Selector, workloads } from '../support/manifest-pods.ts';
import { shareOf } from '../support/manifest-quantities.ts';
import { schemaProblem, unknownFields } from '../support/manifest-types.ts';

test(
  'every overlay renders, and each object is what its published schema wants, without a field too many',
  { skip },
  async () => {
    const all = [...rendered('base'), ...OVERLAYS.flatMap((overlay) => rendered(`overlays/${overlay}`))];
    assert.ok(all.length > 90, `${all.length} objects`);
    const problems = await Promise.all(all.map(schemaProblem));
    assert.deepEqual(
      problems.filter((problem) => problem !== null),
      [],
    );
    assert.equal(await unknownFields(all), '');
  },
);

test('what goes beside others takes nothing of theirs with it when it goes', { skip }, () => {
  for (const overlay of ['monitoring-operator', 'gateway', 'chaos']) {
    assert.deepEqual(ofKind(rendered(`overlays/${overlay}`), 'Namespace'), [], overlay);
  }
});

interface Update {
  readonly minReadySeconds?: number;
  readonly strategy?: Strategy;
  readonly updateStrategy?: Strategy;
}
interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly maxUnavailable?: string | number;
    readonly maxSurge?: string | number;
    readonly partition?: number;
  };
}
interface Budget {
  readonly selector: Selector;
  readonly minAvailable?: string | number;
  readonly maxUnavailable?: string | number;
}

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const pods = podTemplates(manifests);

    test('no object is there twice', () => {
      const ids = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
      assert.deepEqual(ids.toSorted(), [...new Set(ids)].toSorted());
    });

    test('every workload selects its own pods and no others', () => {
      for (const { of, workload } of workloads(manifests)) {
        const selected = pods.filter(({ labels }) => selects(workload.selector, labels)).map((pod) => pod.of);
        assert.deepEqual(selected, [of]);
      }
    });

    test('pods are spread among their own kind, by a rule that the API server takes', () => {
      for (const { of, labels, spec } of pods) {
        for (const constraint of spec.topologySpreadConstraints ?? []) {
          const { labelSelector = {}, matchLabelKeys = [] } = constraint;
          assert.equal(constraint.whenUnsatisfiable, 'ScheduleAnyway', `${of} runs in a cluster of one node`);
          const { matchLabels = {}, matchExpressions = [] } = labelSelector;
          const keys = new Set([...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)]);
          // It refuses pods with a key that is in both.
          assert.deepEqual(
            matchLabelKeys.filter((key) => keys.has(key)),
            [],
            of,
          );
          assert.ok(keys.size > 0 && selects(labelSelector, labels), of);
        }
      }
    });

    test('a drain may move every pod, and an update takes a few at a time', () => {
      for (const { metadata, spec } of ofKind<Budget>(manifests, 'PodDisruptionBudget')) {
        const selected = pods.filter(({ labels }) => selects(spec.selector, labels));
        assert.equal(selected.length, 1, metadata.name);
        const { replicas = 1 } = selected[0] ?? {};
        const { minAvailable, maxUnavailable = replicas } = spec;
        const free = replicas - shareOf(replicas, minAvailable ?? 0);
        assert.ok(Math.min(free, shareOf(replicas, maxUnavailable)) >= 1, `${metadata.name} lets none go`);
        assert.ok(replicas === 1 || shareOf(replicas, maxUnavailable) < replicas, `${metadata.name} lets all go`);
      }
      const guarded = ofKind(manifests, 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
      assert.deepEqual(guarded.toSorted(), ['datacenter', 'racks']);
      for (const { of, kind, workload } of workloads(manifests)) {
        const { updateStrategy, strategy, minReadySeconds = 0 } = workload as unknown as Update;
        const { type = 'RollingUpdate', rollingUpdate = {} } = updateStrategy ?? strategy ?? {};
        const hasDisk = workload.template.spec.volumes?.some((volume) => volume.persistentVolumeClaim) ?? false;
        // Two pods cannot share a disk, so the old one goes first.
        assert.equal(type, hasDisk ? 'Recreate' : 'RollingUpdate', of);
        const away = shareOf(100, rollingUpdate.maxUnavailable ?? (kind === 'Deployment' ? '25%' : 1));
        assert.ok(away <= 25, `${of}: ${away} of 100 away at once`);
        assert.equal(rollingUpdate.partition ?? 0, 0, of);
        if (of === 'Deployment datacenter') assert.deepEqual(rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
        // A rack has judged its servers, and a node is heard, before the next one goes.
        if (/ (?:rack|agent)$/.test(of)) assert.ok(minReadySeconds >= 10, of);
      }
    });

    test('what runs on every node is refused by none, and what is elsewhere leaves a node that is gone', () => {
      for (const { kind, of, spec } of pods) {
        if (kind === 'DaemonSet') {
          assert.deepEqual(spec.tolerations, [{ operator: 'Exists' }], of);
          assert.deepEqual(spec.nodeSelector, { 'kubernetes.io/os': 'linux' }, of);
          continue;
        }
        for (const { key, tolerationSeconds = Infinity } of spec.tolerations ?? []) {
          assert.ok(key?.startsWith('node.kubernetes.io/') && tolerationSeconds <= 60, of);
        }
      }
    });
  });
}
