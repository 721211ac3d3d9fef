import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { roleText } from '../../src/chaos/kubernetes/role.ts';
import { placementRoleText } from '../../src/placement/role.ts';
import { type Manifest, ofKind, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf, type ClusterName } from '../support/manifest-clusters.ts';
import { mountedFiles } from '../support/manifest-files.ts';
import { podTemplates } from '../support/manifest-pods.ts';
import { rights, unboundRoles } from '../support/manifest-rights.ts';

/** Who may ask what of the API server: all of it, and nothing else. */
const PROMETHEUS = ['prometheus may get,list,watch pods in netwatch'];
const CHAOS = [
  'netwatch-chaos may get,list pods in netwatch',
  'netwatch-chaos may patch pods/ephemeralcontainers in netwatch',
  'netwatch-chaos may get pods/log in netwatch',
  'netwatch-chaos may get,create pods/exec in netwatch',
];
const PLACEMENT = [
  'agent may list,create,delete leases.coordination.k8s.io in netwatch',
  'agent may get nodes everywhere',
];
const RIGHTS: Readonly<Record<ClusterName, readonly string[]>> = {
  base: PROMETHEUS,
  lab: [...PROMETHEUS, ...CHAOS],
  nodes: PLACEMENT,
};

/** As whom pods run. Each has its own, so that a right of one is nobody else's. */
const CONTROLLERS = ['Deployment datacenter: datacenter', 'StatefulSet rack: rack'];
const MONITORING = ['Deployment grafana: grafana', 'Deployment prometheus: prometheus'];
const ACCOUNTS: Readonly<Record<ClusterName, readonly string[]>> = {
  base: [...CONTROLLERS, ...MONITORING, 'StatefulSet server: server'],
  lab: [...CONTROLLERS, ...MONITORING, ...[0, 1, 2, 3].map((rack) => `StatefulSet server-${rack}: server-${rack}`)],
  nodes: [...CONTROLLERS, 'DaemonSet agent: agent'],
};

/** What the client library looks for, where it looks for it. */
const TOKEN_FILES = new Map([
  ['/var/run/secrets/kubernetes.io/serviceaccount/token', { source: 'token of the ServiceAccount' }],
  ['/var/run/secrets/kubernetes.io/serviceaccount/ca.crt', { source: 'configMap kube-root-ca.crt: ca.crt' }],
  ['/var/run/secrets/kubernetes.io/serviceaccount/namespace', { source: 'field metadata.namespace' }],
]);

for (const name of CLUSTER_NAMES) {
  describe(name, { skip }, () => {
    const manifests = clusterOf(name);
    const pods = podTemplates(manifests);

    test('who may do what is all that it needs', () => {
      assert.deepEqual(rights(manifests), RIGHTS[name].toSorted());
      assert.deepEqual(unboundRoles(manifests), []);
    });

    test('every pod runs as a ServiceAccount of its own, which is there', () => {
      assert.deepEqual(
        pods.map(({ of, spec }) => `${of}: ${spec.serviceAccountName}`).toSorted(),
        ACCOUNTS[name].toSorted(),
      );
      const accounts = ofKind(manifests, 'ServiceAccount') as readonly (Manifest & {
        automountServiceAccountToken?: boolean;
      })[];
      for (const { of, namespace, spec } of pods) {
        const own = accounts.filter(({ metadata }) => metadata.name === spec.serviceAccountName);
        assert.deepEqual(
          own.map(({ metadata }) => metadata.namespace),
          [namespace],
          of,
        );
      }
      // Whoever wants a token says so in its pod.
      for (const account of accounts) assert.equal(account.automountServiceAccountToken, false, account.metadata.name);
    });

    test('only who asks the API server has a token for it', () => {
      const withToken = pods.filter(({ spec }) => spec.automountServiceAccountToken !== false).map(({ of }) => of);
      assert.deepEqual(withToken, name === 'nodes' ? [] : ['Deployment prometheus']);
      for (const { of, spec, containers } of pods) {
        for (const container of containers) {
          const files = [...mountedFiles(manifests, spec, container)];
          const ofAccount = new Map(
            files.filter(([path, { source }]) => path.includes('/serviceaccount/') || source.startsWith('token')),
          );
          const expected = of === 'DaemonSet agent' && container.name === 'place' ? TOKEN_FILES : new Map();
          assert.deepEqual(ofAccount, expected, `${of}, container ${container.name}`);
        }
      }
    });
  });
}

test('chaos and placement have the Roles that their errors ask for', { skip }, () => {
  const rulesOf = (manifests: readonly Manifest[], kind: string, role: string) =>
    ofKind<never>(manifests, kind).find(({ metadata }) => metadata.name === role)?.rules;
  const [chaos] = documents(roleText('netwatch'));
  assert.deepEqual(rulesOf(clusterOf('lab'), 'Role', 'netwatch-chaos'), chaos?.rules);
  const [leases, nodes] = documents(placementRoleText('netwatch'));
  const cluster = clusterOf('nodes');
  assert.deepEqual(rulesOf(cluster, 'Role', 'netwatch-placement'), leases?.rules);
  assert.deepEqual(rulesOf(cluster, 'ClusterRole', 'netwatch-placement'), nodes?.rules);
});

function documents(text: string): readonly { rules: unknown }[] {
  return parseAllDocuments(text).map((document) => document.toJS() as { rules: unknown });
}
