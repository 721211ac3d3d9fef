import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { roleText } from '../../src/chaos/kubernetes/role.ts';
import { placementRoleText } from '../../src/placement/role.ts';
import { kustomizeLacking, type Manifest, ofKind, rendered } from '../support/kustomize.ts';
import { clusterOf } from '../support/manifest-clusters.ts';
import { podTemplates, type ServiceSpec } from '../support/manifest-pods.ts';

const lacks = kustomizeLacking();
// Where it is sure to be there, nothing may be passed over.
const skip = process.env.CI ? false : (lacks ?? false);

describe('rights', { skip }, () => {
  test('chaos and placement have the Roles that their errors ask for, and nobody has more', () => {
    const rulesOf = (manifests: readonly Manifest[], kind: string, role: string) =>
      ofKind<never>(manifests, kind).find(({ metadata }) => metadata.name === role)?.rules;
    const [chaos] = documents(roleText('netwatch'));
    assert.deepEqual(rulesOf(rendered('overlays/chaos'), 'Role', 'netwatch-chaos'), chaos?.rules);
    const [leases, nodes] = documents(placementRoleText('netwatch'));
    const cluster = clusterOf('nodes');
    assert.deepEqual(rulesOf(cluster, 'Role', 'netwatch-placement'), leases?.rules);
    assert.deepEqual(rulesOf(cluster, 'ClusterRole', 'netwatch-placement'), nodes?.rules);
    const roles = [...cluster, ...clusterOf('lab')].filter(({ kind }) => kind.endsWith('Role'));
    assert.deepEqual(roles.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(), [
      'ClusterRole netwatch-placement',
      'Role netwatch-chaos',
      'Role netwatch-placement',
      'Role prometheus',
    ]);
  });

  test('only who asks the API server has a token for it', () => {
    const withToken = [...podTemplates(clusterOf('lab')), ...podTemplates(clusterOf('nodes'))].flatMap(
      ({ of, spec, containers }) => [
        ...(spec.automountServiceAccountToken === false ? [] : [of]),
        ...containers
          .filter(({ volumeMounts = [] }) => volumeMounts.some(({ mountPath }) => mountPath.includes('serviceaccount')))
          .map((container) => `${of}: ${container.name}`),
      ],
    );
    assert.deepEqual(withToken, ['Deployment prometheus', 'DaemonSet agent: place']);
  });

  test('the gateway sends to a Service that is there, on a port it has, and may', () => {
    const manifests = clusterOf('lab');
    const [route] = ofKind<{ rules: { backendRefs: { name: string; namespace: string; port: number }[] }[] }>(
      manifests,
      'HTTPRoute',
    );
    const backends = route?.spec.rules.flatMap(({ backendRefs }) => backendRefs) ?? [];
    assert.ok(backends.length > 0);
    for (const { name: service, namespace, port } of backends) {
      const found = ofKind<ServiceSpec>(manifests, 'Service').find(({ metadata }) => metadata.name === service);
      assert.deepEqual(
        [found?.metadata.namespace, found?.spec.ports.some((one) => one.port === port)],
        [namespace, true],
      );
    }
    const [grant] = ofKind<{ from: { namespace: string }[]; to: { name: string }[] }>(manifests, 'ReferenceGrant');
    assert.equal(grant?.spec.from[0]?.namespace, route?.metadata.namespace);
    assert.equal(grant?.spec.to[0]?.name, 'datacenter');
  });
});

/** The Roles of a text for whoever runs the cluster. */
function documents(text: string): readonly { rules: unknown }[] {
  return parseAllDocuments(text).map((document) => document.toJS() as { rules: unknown });
}
