import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ofKind, rendered, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf, type ClusterName } from '../support/manifest-clusters.ts';
import { mountedFiles } from '../support/manifest-files.ts';
import { podTemplates, type PodTemplate } from '../support/manifest-pods.ts';

/** Whose file each pod may read, by the name of the app. */
const CONTROLLERS = ['datacenter: api-token control-token', 'rack: udp.key', 'server: udp.key'];
const SECRETS: Readonly<Record<ClusterName, readonly string[]>> = {
  base: [...CONTROLLERS, 'grafana: grafana-password'],
  lab: [...CONTROLLERS, 'grafana: grafana-password'],
  nodes: CONTROLLERS,
};

/** What a pod may be told about how it runs. Whatever shares something of the node or between containers is not here. */
const POD_FIELDS = new Set([
  'affinity',
  'automountServiceAccountToken',
  'containers',
  'enableServiceLinks',
  'initContainers',
  'nodeSelector',
  'securityContext',
  'serviceAccountName',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
  'volumes',
]);
/** Nothing of the node's disk. */
const VOLUMES = new Set(['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret']);

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const pods = podTemplates(manifests);

    test('nothing has a privilege', () => {
      for (const pod of pods) assertRestricted(pod);
    });

    test('the namespace refuses whatever has one', () => {
      const overlay = rendered(name === 'base' ? 'base' : `overlays/${name}`);
      const limits = ofKind(overlay, 'Namespace').map(({ metadata }) => [
        metadata.name,
        ...['enforce', 'enforce-version', 'audit', 'warn'].map(
          (mode) => metadata.labels?.[`pod-security.kubernetes.io/${mode}`],
        ),
      ]);
      assert.deepEqual(limits, [['netwatch', 'restricted', 'latest', 'restricted', 'restricted']]);
      for (const { of, namespace } of pods) assert.equal(namespace, 'netwatch', of);
    });

    test('secrets are of one Secret, and what they are for is all that a pod is given', () => {
      const keys = pods.flatMap((pod) => {
        const own = pod.containers.flatMap((container) => [
          ...[...mountedFiles(manifests, pod.spec, container).values()].flatMap(({ source }) =>
            source.startsWith('secret ') ? source.replace(/^secret netwatch: /, '') : [],
          ),
          ...(container.env ?? []).flatMap(({ valueFrom }) =>
            valueFrom?.secretKeyRef ? secretText(valueFrom.secretKeyRef) : [],
          ),
        ]);
        assert.ok(
          pod.containers.every(({ envFrom }) => envFrom === undefined),
          pod.of,
        );
        return own.length === 0 ? [] : [`${pod.labels['app']}: ${own.join(' ')}`];
      });
      assert.deepEqual([...new Set(keys)].toSorted(), SECRETS[name].toSorted());
    });

    test('a secret is read by the group of its pod, and nobody else', () => {
      for (const { of, spec } of pods) {
        for (const { secret, projected } of spec.volumes ?? []) {
          const mode = (secret ?? projected)?.defaultMode;
          if (secret === undefined && projected === undefined) continue;
          assert.equal(mode, 0o440, of);
          assert.ok(secret === undefined || (secret.items ?? []).length > 0, `${of} names the keys it wants`);
        }
      }
    });
  });
}

function assertRestricted({ of, spec, containers }: PodTemplate): void {
  const { runAsUser = 0, ...own } = spec.securityContext ?? {};
  assert.ok(runAsUser > 0, `${of} is not root`);
  assert.deepEqual(
    own,
    // Files of a volume are the group's, so that they can be read at all.
    { runAsNonRoot: true, runAsGroup: runAsUser, fsGroup: runAsUser, seccompProfile: { type: 'RuntimeDefault' } },
    of,
  );
  assert.deepEqual(
    Object.keys(spec).filter((field) => !POD_FIELDS.has(field)),
    [],
    of,
  );
  const volumes = (spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
  assert.deepEqual(
    volumes.filter((source) => !VOLUMES.has(source)),
    [],
    of,
  );
  // Variables of Services (DATACENTER_PORT=tcp://…) are none of its configuration.
  assert.equal(spec.enableServiceLinks, false, of);
  for (const { name, securityContext, ports = [] } of containers) {
    assert.deepEqual(
      securityContext,
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      `${of}, container ${name}`,
    );
    for (const port of ports) {
      assert.deepEqual([port.hostPort, port.hostIP], [undefined, undefined], `${of}, port ${port.name}`);
    }
  }
}

function secretText({ name, key }: { name?: string; key: string }): string {
  return name === 'netwatch' ? key : `${name}/${key}`;
}
