import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { V1Container } from '@kubernetes/client-node';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { loadConfig } from '../../src/config/load.ts';
import { optionsOf } from '../../src/config/options.ts';
import { placeSpec } from '../../src/config/place.ts';
import { rackSpec } from '../../src/config/rack.ts';
import { roleText } from '../../src/chaos/kubernetes/role.ts';
import { placementRoleText } from '../../src/placement/role.ts';
import { parseAllDocuments } from 'yaml';
import { kustomizeLacking, type Manifest, ofKind, OVERLAYS, rendered } from '../support/kustomize.ts';
import {
  podTemplates,
  type PodTemplate,
  selects,
  type Selector,
  type ServiceSpec,
  workloads,
} from '../support/manifest-pods.ts';
import { flows, type PolicySpec } from '../support/manifest-policies.ts';
import { schemaProblem, unknownFields } from '../support/manifest-types.ts';

const lacks = kustomizeLacking();
// Where it is sure to be there, nothing may be passed over.
const skip = process.env.CI ? false : (lacks ?? false);

/** What is applied together. */
const CLUSTERS = {
  base: ['base'],
  lab: ['overlays/lab', 'overlays/chaos', 'overlays/gateway'],
  nodes: ['overlays/nodes', 'overlays/monitoring-operator', 'overlays/gateway'],
} as const;
const clusterOf = (name: keyof typeof CLUSTERS): readonly Manifest[] =>
  CLUSTERS[name].flatMap((path) => rendered(path));

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
    });

    test('every port of a Service is one of its pods, and every port that a policy names too', () => {
      for (const { metadata, spec } of ofKind<ServiceSpec>(manifests, 'Service')) {
        const behind = pods.filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
        for (const port of spec.ports) {
          for (const pod of behind) assertPort(pod, port.targetPort, port.protocol, `Service ${metadata.name}`);
        }
      }
      for (const { metadata, spec } of ofKind<PolicySpec>(manifests, 'NetworkPolicy')) {
        for (const port of (spec.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
          for (const pod of pods.filter(({ labels }) => selects(spec.podSelector, labels)))
            assertPort(pod, port.port, port.protocol, `NetworkPolicy ${metadata.name}`);
        }
      }
    });

    test('the flows between pods are those of the design, and no others', () => {
      assert.deepEqual(flows(manifests, pods), FLOWS[name]);
    });

    test('every variable is one that the configuration knows, and the configuration is valid', () => {
      for (const pod of pods) for (const container of pod.containers) assertConfigured(container);
    });

    test('secrets are of one Secret, and what they are for is all that a pod is given', () => {
      assert.deepEqual(secretKeys(pods), SECRETS[name]);
    });
  });
}

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
    for (const { name: service, namespace, port } of route?.spec.rules.flatMap(({ backendRefs }) => backendRefs) ??
      []) {
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

const SPECS = {
  'netwatch-agent': agentSpec,
  'netwatch-rack': rackSpec,
  'netwatch-datacenter': datacenterSpec,
  'netwatch-place': placeSpec,
};

function documents(text: string): readonly { rules: unknown }[] {
  return parseAllDocuments(text).map((document) => document.toJS() as { rules: unknown });
}

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

function assertRestricted({ of, spec, containers }: PodTemplate): void {
  const { securityContext: own } = spec;
  assert.deepEqual(
    [own?.runAsNonRoot, own?.seccompProfile?.type, (own?.runAsUser ?? 0) > 0],
    [true, 'RuntimeDefault', true],
    of,
  );
  assert.deepEqual([spec.hostNetwork, spec.hostPID, spec.hostIPC], [undefined, undefined, undefined], of);
  assert.ok(
    (spec.volumes ?? []).every(({ hostPath }) => hostPath === undefined),
    `${of} has nothing of the node's disk`,
  );
  assert.equal(spec.enableServiceLinks, false, of);
  const running = new Set(spec.containers.map(({ name }) => name));
  for (const container of containers) {
    const where = `${of}, container ${container.name}`;
    const { securityContext, resources } = container;
    assert.deepEqual(securityContext?.capabilities, { drop: ['ALL'] }, where);
    assert.equal(securityContext?.allowPrivilegeEscalation, false, where);
    assert.equal(securityContext?.readOnlyRootFilesystem, true, where);
    assert.equal(securityContext?.privileged, undefined, where);
    for (const amounts of [resources?.requests, resources?.limits]) {
      assert.deepEqual(Object.keys(amounts ?? {}).toSorted(), ['cpu', 'memory'], where);
    }
    if (!running.has(container.name)) continue;
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      const port = probe?.httpGet?.port;
      assert.ok(
        container.ports?.some(({ name }) => name === port),
        `${where} has a port for each probe`,
      );
    }
  }
}

function assertPort({ of, containers }: PodTemplate, port: string | number, protocol = 'TCP', who = ''): void {
  const ports = containers.flatMap((container) => container.ports ?? []);
  const found = ports.some(
    (one) => (one.name === port || one.containerPort === port) && (one.protocol ?? 'TCP') === protocol,
  );
  assert.ok(found, `${who}: ${of} has no port ${port}/${protocol}`);
}

/** What a container is given, as its role reads it. */
function assertConfigured({ name, image = '', env = [] }: V1Container): void {
  const spec = SPECS[(image.split(':')[0] ?? '') as keyof typeof SPECS];
  // Prometheus and Grafana have a configuration of their own.
  if (spec === undefined) return;
  const known = new Set(optionsOf(spec).map((option) => option.env));
  const given: Record<string, string> = {};
  for (const { name: variable, value, valueFrom } of env) {
    if (variable === 'NODE_NAME' || variable === 'POD_NAMESPACE' || known.has(variable)) {
      const text = value ?? (valueFrom?.fieldRef?.fieldPath.includes('metadata.labels') ? '3' : 'worker-1');
      given[variable] = text.replaceAll(/\$\(([A-Z_]+)\)/g, (_, referred: string) => given[referred] ?? '');
      continue;
    }
    assert.fail(`${name}: no configuration knows ${variable}`);
  }
  assert.doesNotThrow(() => loadConfig(spec as typeof agentSpec, { flags: {}, env: given, file: undefined }), name);
}

function secretKeys(pods: readonly PodTemplate[]): readonly string[] {
  const keys = pods.map(({ labels, spec, containers }) => {
    const mounted = (spec.volumes ?? []).flatMap(({ secret }) => {
      if (!secret) return [];
      assert.equal(secret.secretName, 'netwatch');
      return (secret.items ?? []).map(({ key }) => key);
    });
    const read = containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []),
    );
    return [...mounted, ...read].length === 0 ? [] : [`${labels['app']}: ${[...mounted, ...read].join(' ')}`];
  });
  return [...new Set(keys.flat())].toSorted();
}
