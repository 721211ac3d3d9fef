import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kustomizeLacking, type Manifest, ofKind, OVERLAYS, rendered } from '../support/kustomize.ts';
import { assertConfigured, assertPort, assertRestricted, secretKeys } from '../support/manifest-checks.ts';
import { clusterOf } from '../support/manifest-clusters.ts';
import { podTemplates, selects, type Selector, type ServiceSpec, workloads } from '../support/manifest-pods.ts';
import { flows, type PolicySpec, unguarded } from '../support/manifest-policies.ts';
import { schemaProblem, unknownFields } from '../support/manifest-types.ts';

const lacks = kustomizeLacking();
// Where it is sure to be there, nothing may be passed over.
const skip = process.env.CI ? false : (lacks ?? false);

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

for (const name of ['base', 'lab', 'nodes'] as const) {
  describe(name, { skip }, () => {
    const manifests = skip === false ? clusterOf(name) : [];
    const pods = podTemplates(manifests);

    test('nothing has a privilege, and everything has its limits', () => {
      for (const pod of pods) assertRestricted(pod);
    });

    test('every selector selects pods, its own and no others', () => {
      for (const { of, workload } of workloads(manifests)) {
        const selected = pods.filter(({ labels }) => selects(workload.selector, labels)).map((pod) => pod.of);
        assert.deepEqual(selected, [of]);
      }
      for (const { kind, name: object, selector } of otherSelectors(manifests)) {
        assert.ok(
          pods.some(({ labels }) => selects(selector, labels)),
          `${kind} ${object} selects a pod`,
        );
      }
      for (const { metadata, spec } of ofKind<{ selector: Selector }>(manifests, 'ServiceMonitor')) {
        const services = ofKind<ServiceSpec>(manifests, 'Service').map((service) => service.metadata.labels ?? {});
        assert.ok(
          services.some((labels) => selects(spec.selector, labels)),
          `ServiceMonitor ${metadata.name} selects a Service`,
        );
      }
    });

    test('every port of a Service is one of its pods, and every port that a policy names too', () => {
      for (const { metadata, spec } of ofKind<ServiceSpec>(manifests, 'Service')) {
        const behind = pods.filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
        for (const port of spec.ports) {
          for (const pod of behind)
            assertPort(pod, { port: port.targetPort, protocol: port.protocol }, `Service ${metadata.name}`);
        }
      }
      for (const { metadata, spec } of ofKind<PolicySpec>(manifests, 'NetworkPolicy')) {
        for (const port of (spec.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
          for (const pod of pods.filter(({ labels }) => selects(spec.podSelector, labels))) {
            assertPort(pod, port, `NetworkPolicy ${metadata.name}`);
          }
        }
      }
    });

    test('the flows between pods are those of the design, and no others', () => {
      assert.deepEqual(flows(manifests, pods), FLOWS[name]);
      assert.deepEqual(unguarded(manifests, pods), []);
    });

    test('every variable is one that the configuration knows, and the configuration is valid', () => {
      for (const pod of pods) for (const container of pod.containers) assertConfigured(container);
    });

    test('secrets are of one Secret, and what they are for is all that a pod is given', () => {
      assert.deepEqual(secretKeys(pods), SECRETS[name]);
    });
  });
}

/** Who sends to whom, on which port. */
const CONTROL_FLOWS = ['rack → datacenter TCP 9990', 'server → rack UDP 9999'];
const SCRAPES = ['datacenter', 'rack', 'server'].map((app) => `prometheus → ${app} TCP 8000`);
const FLOWS = {
  base: ['grafana → prometheus TCP 9090', ...SCRAPES, ...CONTROL_FLOWS].toSorted(),
  lab: ['grafana → prometheus TCP 9090', ...SCRAPES, ...CONTROL_FLOWS].toSorted(),
  nodes: CONTROL_FLOWS,
};

const SECRETS = {
  base: ['datacenter: api-token control-token', 'grafana: grafana-password', 'rack: udp.key', 'server: udp.key'],
  lab: ['datacenter: api-token control-token', 'grafana: grafana-password', 'rack: udp.key', 'server: udp.key'],
  nodes: ['datacenter: api-token control-token', 'rack: udp.key', 'server: udp.key'],
};

/** Selectors of what is no workload, and of what has them. */
function otherSelectors(manifests: readonly Manifest[]) {
  const services = ofKind<ServiceSpec>(manifests, 'Service').map(({ metadata, spec }) => ({
    kind: 'Service',
    name: metadata.name,
    selector: { matchLabels: spec.selector },
  }));
  const others = ['PodDisruptionBudget', 'PodMonitor'].flatMap((kind) =>
    ofKind<{ selector: Selector }>(manifests, kind).map(({ metadata, spec }) => ({
      kind,
      name: metadata.name,
      selector: spec.selector,
    })),
  );
  const policies = ofKind<PolicySpec>(manifests, 'NetworkPolicy').map(({ metadata, spec }) => ({
    kind: 'NetworkPolicy',
    name: metadata.name,
    selector: spec.podSelector,
  }));
  return [...services, ...others, ...policies];
}
