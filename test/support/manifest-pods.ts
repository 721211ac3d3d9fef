import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { Manifest } from './kustomize.ts';

/** The pods that a workload makes. */
export interface PodTemplate {
  /** `StatefulSet rack`. */
  readonly of: string;
  readonly kind: string;
  /** Of its workload. */
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: V1PodSpec;
  /** All of its containers, those that run before the others too. */
  readonly containers: readonly V1Container[];
}

interface Workload {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: V1PodSpec;
  };
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Every workload's pods. */
export function podTemplates(manifests: readonly Manifest[]): readonly PodTemplate[] {
  return workloads(manifests).map(({ of, kind, metadata, workload: { template, replicas = 1 } }) => {
    const { containers, initContainers = [] } = template.spec;
    return {
      of,
      kind,
      name: metadata.name,
      namespace: metadata.namespace ?? 'default',
      replicas,
      labels: template.metadata.labels,
      spec: template.spec,
      containers: [...initContainers, ...containers],
    };
  });
}

/** An object that makes pods. */
export interface Worker extends Pick<Manifest, 'kind' | 'metadata'> {
  readonly of: string;
  readonly workload: Workload;
}

/** What makes pods. */
export function workloads(manifests: readonly Manifest[]): readonly Worker[] {
  return manifests
    .filter(({ kind }) => WORKLOADS.has(kind))
    .map(({ kind, metadata, spec }) => ({
      of: `${kind} ${metadata.name}`,
      kind,
      metadata,
      workload: spec as Workload,
    }));
}

/** A pod that is made from a template. */
export interface Pod {
  readonly name: string;
  readonly app: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Which pod of its StatefulSet it is. */
  readonly index?: number;
  readonly nodeName: string;
  readonly template: PodTemplate;
}

/** Every pod, named as the cluster names it; a DaemonSet has one, on worker-1. */
export function podsOf(templates: readonly PodTemplate[]): readonly Pod[] {
  return templates.flatMap((template) =>
    Array.from({ length: template.replicas }, (_, i): Pod => {
      const isNumbered = template.kind === 'StatefulSet';
      return {
        name: `${template.name}-${isNumbered ? i : `x${i}`}`,
        app: template.labels['app'] ?? '',
        labels: isNumbered ? { ...template.labels, 'apps.kubernetes.io/pod-index': String(i) } : template.labels,
        ...(isNumbered ? { index: i } : {}),
        nodeName: 'worker-1',
        template,
      };
    }),
  );
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
  readonly type?: string;
  readonly clusterIP?: string;
  readonly publishNotReadyAddresses?: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port: number;
    readonly targetPort: string | number;
    readonly protocol?: string;
  }[];
}
