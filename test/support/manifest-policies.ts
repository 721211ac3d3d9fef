import { type Manifest, ofKind } from './kustomize.ts';
import { type PodTemplate, selects, type Selector } from './manifest-pods.ts';

interface PolicyPort {
  readonly port: string | number;
  readonly protocol?: string;
}

interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

/** What a rule allows; without peers everybody, without ports every port. */
interface PolicyRule {
  readonly peers: readonly PolicyPeer[] | undefined;
  readonly ports: readonly PolicyPort[] | undefined;
}

/** Of a NetworkPolicy. */
export interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly { readonly from?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
}

interface PodPort {
  readonly name: string | undefined;
  readonly number: number;
  readonly protocol: string;
}

/** Flows that one pod may begin and the other may take: `rack → datacenter TCP 9990`. */
export function flows(manifests: readonly Manifest[], pods: readonly PodTemplate[]): readonly string[] {
  const policies = policiesOf(manifests);
  const found = new Set<string>();
  for (const from of pods) {
    const egress = rulesFor(from, policies, 'Egress');
    for (const to of pods) {
      const ingress = rulesFor(to, policies, 'Ingress');
      for (const port of portsOf(to)) {
        if (!allows(egress, to, port) || !allows(ingress, from, port)) continue;
        found.add(`${from.labels['app']} → ${to.labels['app']} ${port.protocol} ${port.number}`);
      }
    }
  }
  return [...found].toSorted();
}

/** Pods that anybody may reach, or that may reach anybody, since no policy is about them: `Deployment x Ingress`. */
export function unguarded(manifests: readonly Manifest[], pods: readonly PodTemplate[]): readonly string[] {
  const policies = policiesOf(manifests);
  return pods.flatMap((pod) =>
    (['Ingress', 'Egress'] as const)
      .filter((type) => rulesFor(pod, policies, type) === null)
      .map((type) => `${pod.of} ${type}`),
  );
}

function policiesOf(manifests: readonly Manifest[]): readonly PolicySpec[] {
  return ofKind<PolicySpec>(manifests, 'NetworkPolicy')
    .filter(({ metadata }) => metadata.namespace === 'netwatch')
    .map(({ spec }) => spec);
}

/** Null: no policy of this type is about this pod, and so everything is allowed. */
function rulesFor(
  pod: PodTemplate,
  policies: readonly PolicySpec[],
  type: 'Ingress' | 'Egress',
): readonly PolicyRule[] | null {
  const own = policies.filter(
    ({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, pod.labels),
  );
  if (own.length === 0) return null;
  return own.flatMap(({ ingress = [], egress = [] }) =>
    type === 'Ingress'
      ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
      : egress.map(({ to, ports }) => ({ peers: to, ports })),
  );
}

function portsOf({ containers }: PodTemplate): readonly PodPort[] {
  const ports = containers.flatMap((container) => container.ports ?? []);
  return ports.map(({ name, containerPort, protocol = 'TCP' }) => ({ name, number: containerPort, protocol }));
}

function allows(rules: readonly PolicyRule[] | null, pod: PodTemplate, port: PodPort): boolean {
  return rules?.some(({ peers, ports }) => isAmong(peers, pod) && isOneOf(ports, port)) ?? true;
}

/** Pods of another namespace are none of these. */
function isAmong(peers: PolicyRule['peers'], { labels }: PodTemplate): boolean {
  if (peers === undefined) return true;
  return peers.some(
    ({ podSelector, namespaceSelector }) =>
      namespaceSelector === undefined && podSelector !== undefined && selects(podSelector, labels),
  );
}

function isOneOf(ports: PolicyRule['ports'], { name, number, protocol }: PodPort): boolean {
  if (ports === undefined) return true;
  return ports.some(
    ({ port, protocol: allowed = 'TCP' }) => allowed === protocol && (port === number || port === name),
  );
}
