import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOCKET_PATH } from '../../src/datacenter/live/admission.ts';
import { ofKind, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { clusterOf } from '../support/manifest-clusters.ts';
import { portOf } from '../support/manifest-names.ts';
import { podTemplates, selects, type ServiceSpec } from '../support/manifest-pods.ts';

interface RouteSpec {
  readonly parentRefs: readonly { readonly sectionName?: string }[];
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
    readonly timeouts?: unknown;
    readonly backendRefs: readonly { readonly name: string; readonly namespace: string; readonly port: number }[];
  }[];
}
interface GrantSpec {
  readonly from: readonly unknown[];
  readonly to: readonly unknown[];
}

for (const name of ['lab', 'nodes'] as const) {
  const manifests = clusterOf(name);
  const [route] = ofKind<RouteSpec>(manifests, 'HTTPRoute');
  const rules = route?.spec.rules ?? [];

  test(`${name}: the gateway sends to the API, which is there, and may`, { skip }, () => {
    const references = rules.flatMap(({ backendRefs }) => backendRefs);
    assert.ok(references.length > 0);
    for (const { name: service, namespace, port } of references) {
      const found = ofKind<ServiceSpec>(manifests, 'Service').find(
        ({ metadata }) => metadata.name === service && metadata.namespace === namespace,
      );
      const target = found?.spec.ports.find((one) => one.port === port)?.targetPort ?? 'none';
      const behind = podTemplates(manifests).filter(({ labels }) =>
        selects({ matchLabels: found?.spec.selector ?? {} }, labels),
      );
      assert.deepEqual(
        behind.map((pod) => `${pod.of} ${portOf(pod, target)?.name}`),
        ['Deployment datacenter http'],
      );
      // Who may send to another namespace is said there, and may no more than that.
      const grants = ofKind<GrantSpec>(manifests, 'ReferenceGrant').filter(
        ({ metadata }) => metadata.namespace === namespace,
      );
      const from = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: route?.metadata.namespace };
      assert.deepEqual(
        grants.map(({ spec }) => spec),
        [{ from: [from], to: [{ group: '', kind: 'Service', name: service }] }],
      );
    }
  });

  test(`${name}: everything is let in, and the socket stays open`, { skip }, () => {
    // A token goes over it.
    for (const { sectionName } of route?.spec.parentRefs ?? []) assert.equal(sectionName, 'https');
    const paths = rules.flatMap(({ matches, timeouts }) =>
      matches.map(({ path }) => ({
        ...path,
        isOpen: (timeouts as { request?: string } | undefined)?.request === '0s',
      })),
    );
    assert.deepEqual(
      paths.filter(({ isOpen }) => isOpen),
      [{ type: 'Exact', value: SOCKET_PATH, isOpen: true }],
    );
    assert.ok(paths.some(({ type, value }) => type === 'PathPrefix' && value === '/'));
  });
}
