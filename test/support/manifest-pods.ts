import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { Manifest } from './kustomize.ts';

/** The pods that a workload makes. */
export interface PodTemplate {
  /** `StatefulSet rack`. */
  readonly of: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: V1PodSpec;
  /** All of its containers, those that run before the others too. */
  readonly containers: readonly V1Container[];
}

interface Workload {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: V1PodSpec;
  };
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Every workload's pods. */
export function podTemplates(manifests: readonly Manifest[]): readonly PodTemplate[] {
  return workloads(manifests).map(({ of, workload: { template } }) => {
    const { containers, initContainers = [] } = template.spec;
    return {
      of,
      labels: template.metadata.labels,
      spec: template.spec,
      containers: [...initContainers, ...containers],
    };
  });
}

/** What makes pods, as `StatefulSet rack`. */
export function workloads(manifests: readonly Manifest[]): readonly { of: string; workload: Workload }[] {
  return manifests
    .filter(({ kind }) => WORKLOADS.has(kind))
    .map(({ kind, metadata, spec }) => ({ of: `${kind} ${metadata.name}`, workload: spec as Workload }));
}

/** Which labels are wanted. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * Whether labels are those that a selector wants; an empty one wants none.
 * @throws Error when it has another operator than In
 */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  const hasLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    hasLabels &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`the operator ${operator} is not known here`);
      return values.includes(labels[key] ?? '');
    })
  );
}

/** Of a Service. */
export interface ServiceSpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port: number;
    readonly targetPort: string | number;
    readonly protocol?: string;
  }[];
}
