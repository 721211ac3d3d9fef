import type { V1EnvVar } from '@kubernetes/client-node';
import type { PodTemplate } from './manifest-pods.ts';

/** What a pod is told of itself. */
export interface PodIdentity {
  readonly name: string;
  /** Which pod of its StatefulSet it is. */
  readonly index?: number;
  readonly nodeName?: string;
}

/**
 * The variables of a container, as the kubelet works them out.
 * @throws Error when one is made from something that is not known here
 */
export function environmentOf(
  env: readonly V1EnvVar[],
  pod: PodTemplate,
  { name: podName, index, nodeName = '' }: PodIdentity,
): Record<string, string> {
  const labels: Readonly<Record<string, string>> = {
    ...pod.labels,
    ...(index === undefined ? {} : { 'apps.kubernetes.io/pod-index': String(index) }),
  };
  const fields: Readonly<Record<string, string>> = {
    'spec.nodeName': nodeName,
    'metadata.namespace': 'netwatch',
    'metadata.name': podName,
  };
  const values: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const path = valueFrom?.fieldRef?.fieldPath ?? '';
    const label = /^metadata\.labels\['(.+)'\]$/.exec(path)?.[1];
    const text = value ?? (label === undefined ? fields[path] : labels[label]);
    if (text === undefined) throw new Error(`${pod.of}: nothing is known of ${name}`);
    values[name] = text.replaceAll(/\$\(([A-Z_]+)\)/g, (whole, referred: string) => values[referred] ?? whole);
  }
  return values;
}
