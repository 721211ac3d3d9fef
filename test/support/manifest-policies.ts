import { type Manifest, ofKind } from './kustomize.ts';
import { type PodTemplate, selects, type Selector } from './manifest-pods.ts';

interface PolicyPort {
  readonly port: string | number;
  readonly protocol?: string;
}

/** Of a NetworkPolicy. */
export interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
}

interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

/** Flows that one pod may begin and the other may take: `rack → datacenter TCP 9990`. */
export function flows(manifests: readonly Manifest[], pods: readonly PodTemplate[]): readonly string[] {
  const policies = ofKind<PolicySpec>(manifests, 'NetworkPolicy').filter(
    ({ metadata }) => metadata.namespace === 'netwatch',
  );
  const found = new Set<string>();
  for (const from of pods) {
    for (const to of pods) {
      for (const { name, containerPort, protocol = 'TCP' } of to.containers.flatMap(({ ports = [] }) => ports)) {
        const is = ({ port, protocol: wanted = 'TCP' }: PolicyPort) =>
          wanted === protocol && (port === containerPort || port === name);
        const leaves = policies.some(
          ({ spec }) =>
            selects(spec.podSelector, from.labels) &&
            (spec.egress ?? []).some((rule) => isPeer(rule.to, to) && (rule.ports ?? []).some(is)),
        );
        const enters = policies.some(
          ({ spec }) =>
            selects(spec.podSelector, to.labels) &&
            (spec.ingress ?? []).some((rule) => isPeer(rule.from, from) && (rule.ports ?? []).some(is)),
        );
        if (leaves && enters) found.add(`${from.labels['app']} → ${to.labels['app']} ${protocol} ${containerPort}`);
      }
    }
  }
  return [...found].toSorted();
}

function isPeer(peers: readonly PolicyPeer[] | undefined, pod: PodTemplate): boolean {
  if (peers === undefined) return true;
  return peers.some(
    ({ podSelector, namespaceSelector }) =>
      namespaceSelector === undefined && podSelector !== undefined && selects(podSelector, pod.labels),
  );
}
