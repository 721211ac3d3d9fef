import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ofKind, skipWithoutKustomize } from '../support/kustomize.ts';
import { CLUSTER_NAMES, clusterOf, type ClusterName } from '../support/manifest-clusters.ts';
import { portOf } from '../support/manifest-names.ts';
import { podTemplates, selects } from '../support/manifest-pods.ts';
import { flows, type PolicySpec } from '../support/manifest-policies.ts';

/** Who may send to whom: all of it, and nothing else. */
const DNS = ['namespace kube-system pod k8s-app=kube-dns', '169.254.20.10/32'];
const names = (...apps: readonly string[]) =>
  apps.flatMap((app) => DNS.flatMap((dns) => ['TCP', 'UDP'].map((protocol) => `${app} → ${dns} ${protocol}/53`)));
const apiServer = (app: string) => [443, 6443].map((port) => `${app} → anywhere TCP/${port}`);
const CONTROL = ['rack → datacenter TCP/9990', 'server → rack UDP/9999'];
const MONITORING = [
  ...['datacenter', 'rack', 'server'].map((app) => `prometheus → ${app} TCP/8000`),
  'grafana → prometheus TCP/9090',
  ...apiServer('prometheus'),
];
const GATEWAY = ['namespace gateway → datacenter TCP/8080'];
const CONTROLLERS = ['datacenter', 'rack', 'server'];

const FLOWS: Readonly<Record<ClusterName, readonly string[]>> = {
  base: [...CONTROL, ...MONITORING, ...names(...CONTROLLERS, 'prometheus', 'grafana')],
  lab: [...CONTROL, ...MONITORING, ...GATEWAY, ...names(...CONTROLLERS, 'prometheus', 'grafana')],
  nodes: [
    ...CONTROL,
    ...GATEWAY,
    ...CONTROLLERS.map((app) => `namespace monitoring pod app.kubernetes.io/name=prometheus → ${app} TCP/8000`),
    ...apiServer('server'),
    ...names(...CONTROLLERS),
  ],
};

for (const name of CLUSTER_NAMES) {
  describe(name, { skip: skipWithoutKustomize }, () => {
    const manifests = clusterOf(name);
    const pods = podTemplates(manifests);
    const policies = ofKind<PolicySpec>(manifests, 'NetworkPolicy');

    test('the flows are those of the design, and no others', () => {
      assert.deepEqual(flows(manifests, pods), FLOWS[name].toSorted());
    });

    test('what is not allowed is denied, for pods too that nobody has thought of', () => {
      const denials = policies.filter(
        ({ spec: { podSelector, ingress = [], egress = [] } }) =>
          selects(podSelector, {}) && ingress.length === 0 && egress.length === 0,
      );
      assert.deepEqual(
        denials.map(({ spec }) => spec.policyTypes),
        [['Ingress', 'Egress']],
      );
    });

    test('every policy is where the pods are, and selects some', () => {
      for (const { metadata, spec } of policies) {
        assert.equal(metadata.namespace, 'netwatch', metadata.name);
        assert.ok(
          pods.some(({ labels }) => selects(spec.podSelector, labels)),
          metadata.name,
        );
        // Rules of a direction that is not among its types would mean nothing.
        const ruled = [...(spec.ingress ? ['Ingress'] : []), ...(spec.egress ? ['Egress'] : [])];
        assert.deepEqual(
          ruled.filter((type) => !spec.policyTypes.includes(type)),
          [],
          metadata.name,
        );
      }
    });

    test('every port that a policy lets in is one of its pods', () => {
      for (const { metadata, spec } of policies) {
        const behind = pods.filter(({ labels }) => selects(spec.podSelector, labels));
        for (const { port = 'every', protocol } of (spec.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
          for (const pod of behind) assert.ok(portOf(pod, port, protocol), `${metadata.name}: ${pod.of}, port ${port}`);
        }
      }
    });
  });
}
