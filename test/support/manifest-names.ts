import type { V1ContainerPort } from '@kubernetes/client-node';
import { type Manifest, ofKind } from './kustomize.ts';
import { type Pod, type PodTemplate, selects, type ServiceSpec } from './manifest-pods.ts';

/** Where a client connects to. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** The pods that take what is sent to an address, by the names that the cluster's DNS has; none when it has none. */
export function reached(manifests: readonly Manifest[], pods: readonly Pod[], address: Address): readonly Pod[] {
  const [first = '', second] = address.host.split('.');
  const services = ofKind<ServiceSpec>(manifests, 'Service');
  const service = services.find(({ metadata }) => metadata.name === (second ?? first));
  if (service === undefined) return [];
  const { clusterIP, selector, ports } = service.spec;
  const behind = pods.filter(({ labels }) => selects({ matchLabels: selector }, labels));
  if (second !== undefined) {
    // A pod has a name of its own below the headless Service that its StatefulSet names.
    const named = behind.filter(
      ({ name, template }) =>
        name === first && clusterIP === 'None' && governingService(manifests, template) === second,
    );
    return named.filter(({ template }) => portOf(template, address.port, address.protocol));
  }
  const port = ports.find((one) => one.port === address.port && (one.protocol ?? 'TCP') === address.protocol);
  if (port === undefined) return [];
  return behind.filter(({ template }) => portOf(template, port.targetPort, address.protocol));
}

/** The Service whose name the pods of a StatefulSet have. */
export function governingService(manifests: readonly Manifest[], { kind, name }: PodTemplate): string | undefined {
  return ofKind<{ serviceName?: string }>(manifests, kind).find(({ metadata }) => metadata.name === name)?.spec
    .serviceName;
}

/** A pod's port, by its name or its number. */
export function portOf(
  { containers }: PodTemplate,
  port: string | number,
  protocol = 'TCP',
): V1ContainerPort | undefined {
  return containers
    .flatMap(({ ports = [] }) => ports)
    .find((one) => (one.name === port || one.containerPort === port) && (one.protocol ?? 'TCP') === protocol);
}
