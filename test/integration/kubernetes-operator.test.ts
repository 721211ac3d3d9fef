import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ofKind, rendered, skipWithoutKustomize as skip } from '../support/kustomize.ts';
import { podsOf, podTemplates, selects, type Selector, type ServiceSpec } from '../support/manifest-pods.ts';
import { byInstance, expectedTargets, type PrometheusFile, targetsOf } from '../support/manifest-targets.ts';

interface Endpoint {
  readonly port?: string;
  readonly targetPort?: string;
  readonly honorLabels: boolean;
  readonly interval: string;
  readonly relabelings: readonly { sourceLabels?: string[]; targetLabel?: string; [other: string]: unknown }[];
}
interface MonitorSpec {
  readonly selector: Selector;
  readonly sampleLimit: number;
  readonly bodySizeLimit: string;
  readonly endpoints?: readonly Endpoint[];
  readonly podMetricsEndpoints?: readonly Endpoint[];
}

const outside = parse(
  readFileSync(new URL('../../prometheus/prometheus.yml', import.meta.url), 'utf8'),
) as PrometheusFile;

for (const name of ['nodes', 'lab'] as const) {
  test(`${name}: the operator's Prometheus scrapes every pod, with the same labels and limits`, { skip }, () => {
    const manifests = [...rendered(`overlays/${name}`), ...rendered('overlays/monitoring-operator')];
    const pods = podsOf(podTemplates(manifests));
    const services = ofKind<ServiceSpec>(manifests, 'Service');
    const monitors = ['ServiceMonitor', 'PodMonitor'].flatMap((kind) => ofKind<MonitorSpec>(manifests, kind));
    const found = monitors.flatMap(({ kind, metadata, spec }) => {
      assert.equal(metadata.namespace, 'netwatch');
      const behind = services
        .filter((service) => selects(spec.selector, service.metadata.labels ?? {}))
        .map((service): Selector => ({ matchLabels: service.spec.selector }));
      const selectors = kind === 'ServiceMonitor' ? behind : [spec.selector];
      const selected = pods.filter(({ labels }) => selectors.some((selector) => selects(selector, labels)));
      return [...(spec.endpoints ?? []), ...(spec.podMetricsEndpoints ?? [])].flatMap((endpoint) => {
        assert.equal(endpoint.honorLabels, true, metadata.name);
        // What a server says of itself is not what its status is made of.
        assert.equal(endpoint.interval, metadata.name === 'servers' ? '15s' : '2s', metadata.name);
        const steps = endpoint.relabelings.map(({ sourceLabels = [], targetLabel = '', ...rest }) => ({
          ...rest,
          ...(sourceLabels.length === 0 ? {} : { source_labels: sourceLabels }),
          target_label: targetLabel,
        }));
        const port = { source_labels: ['__meta_kubernetes_pod_container_port_name'], action: 'keep' };
        const regex = (kind === 'ServiceMonitor' ? endpoint.targetPort : endpoint.port) ?? 'none';
        const targets = targetsOf(metadata.name, [{ ...port, regex }, ...steps], selected);
        assert.ok(targets.length > 0, `${kind} ${metadata.name} finds a target`);
        const job = outside.scrape_configs.find((one) => one.job_name === targets[0]?.labels['job']);
        assert.deepEqual([spec.sampleLimit, spec.bodySizeLimit], [job?.sample_limit, job?.body_size_limit]);
        return targets;
      });
    });
    assert.deepEqual(byInstance(found), byInstance(expectedTargets(pods)));
  });
}
