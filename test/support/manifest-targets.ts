import type { Pod } from './manifest-pods.ts';

/** A step of `relabel_configs`, of those actions that are used here. */
export interface Relabeling {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly action?: string;
  readonly target_label?: string;
  readonly replacement?: string;
}

/** What Prometheus scrapes, and the labels that it gives the series. */
export interface Target {
  readonly port: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The targets that `kubernetes_sd_configs` with `role: pod` finds among pods, relabeled: a port of a pod is one. */
export function targetsOf(job: string, relabelings: readonly Relabeling[], pods: readonly Pod[]): readonly Target[] {
  return pods.flatMap((pod) =>
    pod.template.containers.flatMap(({ name, ports = [] }) =>
      ports.flatMap(({ name: portName = '', containerPort }) => {
        const found = { job, ...metaLabels(pod), __meta_kubernetes_pod_container_name: name };
        const labels = relabeled({ ...found, __meta_kubernetes_pod_container_port_name: portName }, relabelings);
        return labels === null ? [] : [{ port: containerPort, labels: shownLabels(labels) }];
      }),
    ),
  );
}

function metaLabels({ name, labels, nodeName, template }: Pod): Record<string, string> {
  const ofPod = Object.entries(labels).map(([key, value]) => [
    `__meta_kubernetes_pod_label_${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`,
    value,
  ]);
  return {
    ...(Object.fromEntries(ofPod) as Record<string, string>),
    __meta_kubernetes_namespace: template.namespace,
    __meta_kubernetes_pod_name: name,
    __meta_kubernetes_pod_node_name: nodeName,
  };
}

/** As Prometheus does it: an expression is of the whole text, and what comes out empty is no label. */
function relabeled(
  found: Readonly<Record<string, string>>,
  steps: readonly Relabeling[],
): Readonly<Record<string, string>> | null {
  const labels = { ...found };
  for (const { source_labels: sources = [], regex = '(.*)', action = 'replace', ...step } of steps) {
    const source = sources.map((label) => labels[label] ?? '').join(';');
    const match = new RegExp(`^(?:${regex})$`, 's').exec(source);
    if (action === 'keep') {
      if (match === null) return null;
    } else if (action === 'drop') {
      if (match !== null) return null;
    } else if (action === 'replace') {
      if (match === null) continue;
      const text = (step.replacement ?? '$1').replaceAll(/\$\{?(\d+)\}?/g, (_, n: string) => match[Number(n)] ?? '');
      labels[step.target_label ?? ''] = text;
    } else {
      throw new Error(`the action ${action} is not known here`);
    }
  }
  return labels;
}

function shownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name, value]) => !name.startsWith('__') && value !== ''));
}

/** A configuration of Prometheus, as far as it is looked at here. */
export interface PrometheusFile {
  readonly global: unknown;
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly relabel_configs?: readonly Relabeling[];
    readonly kubernetes_sd_configs?: unknown;
    readonly static_configs?: unknown;
    readonly sample_limit: number;
    readonly body_size_limit: string;
  }[];
}

const JOBS = { datacenter: 'netwatch-datacenter', rack: 'netwatch-rack', server: 'netwatch-agent' };

/** What rules and dashboards ask for, as prometheus/prometheus.yml and its targets have it. */
export function expectedTargets(pods: readonly Pod[]): readonly Target[] {
  return pods.flatMap(({ name, app, labels, nodeName }) => {
    if (!Object.hasOwn(JOBS, app)) return [];
    const index = labels['apps.kubernetes.io/pod-index'];
    const rack = app === 'rack' ? index : labels['rack'];
    const own = {
      ...(rack === undefined ? {} : { rack_id: rack }),
      ...(app === 'server' && index !== undefined ? { server_id: index } : {}),
      ...(app === 'server' ? { node: nodeName } : {}),
    };
    return [{ port: 8000, labels: { job: JOBS[app as keyof typeof JOBS], instance: name, dc_id: '0', ...own } }];
  });
}

/** In an order to compare them in. */
export const byInstance = (targets: readonly Target[]) =>
  targets.toSorted((a, b) => (a.labels['instance'] ?? '').localeCompare(b.labels['instance'] ?? ''));
