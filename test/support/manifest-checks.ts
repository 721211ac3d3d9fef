import assert from 'node:assert/strict';
import type { V1Container } from '@kubernetes/client-node';
import { agentSpec } from '../../src/config/agent.ts';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { loadConfig } from '../../src/config/load.ts';
import { optionsOf } from '../../src/config/options.ts';
import { placeSpec } from '../../src/config/place.ts';
import { rackSpec } from '../../src/config/rack.ts';
import type { PodTemplate } from './manifest-pods.ts';

/** The configuration of each image; null: one of its own, which is not read here. */
const SPECS: Readonly<Record<string, { readonly role: string } | null>> = {
  'netwatch-agent': agentSpec,
  'netwatch-rack': rackSpec,
  'netwatch-datacenter': datacenterSpec,
  'netwatch-place': placeSpec,
  'prom/prometheus': null,
  'grafana/grafana': null,
};

/** Nothing of the node, no privilege, and a request, a limit and probes for each container. */
export function assertRestricted({ of, spec, containers }: PodTemplate): void {
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
  for (const container of containers) assertLimited(container, `${of}, container ${container.name}`);
  for (const container of spec.containers) assertProbed(container, `${of}, container ${container.name}`);
}

function assertLimited({ securityContext, resources }: V1Container, where: string): void {
  assert.deepEqual(securityContext?.capabilities, { drop: ['ALL'] }, where);
  assert.equal(securityContext?.allowPrivilegeEscalation, false, where);
  assert.equal(securityContext?.readOnlyRootFilesystem, true, where);
  assert.equal(securityContext?.privileged, undefined, where);
  for (const amounts of [resources?.requests, resources?.limits]) {
    assert.deepEqual(Object.keys(amounts ?? {}).toSorted(), ['cpu', 'memory'], where);
  }
}

function assertProbed({ ports, startupProbe, readinessProbe, livenessProbe }: V1Container, where: string): void {
  for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
    const port = probe?.httpGet?.port;
    assert.ok(
      ports?.some(({ name }) => name === port),
      `${where} has a port for each probe`,
    );
  }
}

/** @param who names the port, for the message */
export function assertPort(
  { of, containers }: PodTemplate,
  { port, protocol = 'TCP' }: { readonly port: string | number; readonly protocol?: string | undefined },
  who: string,
): void {
  const ports = containers.flatMap((container) => container.ports ?? []);
  const found = ports.some(
    (one) => (one.name === port || one.containerPort === port) && (one.protocol ?? 'TCP') === protocol,
  );
  assert.ok(found, `${who}: ${of} has no port ${port}/${protocol}`);
}

/** What a container is given is known to its role, and makes a valid configuration. */
export function assertConfigured({ name, image = '', env = [] }: V1Container): void {
  const spec = SPECS[image.split(':')[0] ?? ''];
  assert.notEqual(spec, undefined, `${name}: nothing is known of the image ${image}`);
  if (!spec) return;
  const configuration = spec as typeof agentSpec;
  const known = new Set(optionsOf(configuration).map((option) => option.env));
  const given: Record<string, string> = {};
  for (const { name: variable, value, valueFrom } of env) {
    assert.ok(known.has(variable), `${name}: no configuration knows ${variable}`);
    const text = value ?? (valueFrom?.fieldRef?.fieldPath.includes('metadata.labels') ? '3' : 'worker-1');
    given[variable] = text.replaceAll(/\$\(([A-Z_]+)\)/g, (_, referred: string) => given[referred] ?? '');
  }
  assert.doesNotThrow(() => loadConfig(configuration, { flags: {}, env: given, file: undefined }), name);
}

/** Keys of the one Secret that pods of each app are given, as `rack: udp.key`. */
export function secretKeys(pods: readonly PodTemplate[]): readonly string[] {
  const keys = pods.flatMap(({ labels, spec, containers }) => {
    const mounted = (spec.volumes ?? []).flatMap(({ secret }) => {
      if (!secret) return [];
      assert.equal(secret.secretName, 'netwatch');
      return (secret.items ?? []).map(({ key }) => key);
    });
    const read = containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []),
    );
    const all = [...mounted, ...read];
    return all.length === 0 ? [] : [`${labels['app']}: ${all.join(' ')}`];
  });
  return [...new Set(keys)].toSorted();
}
