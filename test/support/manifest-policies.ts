import { type Manifest, ofKind } from './kustomize.ts';
import { portOf } from './manifest-names.ts';
import { type PodTemplate, selects, type Selector } from './manifest-pods.ts';

interface PolicyPort {
  readonly port?: string | number;
  readonly endPort?: number;
  readonly protocol?: string;
}

interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyRule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
}

type Direction = 'Ingress' | 'Egress';

/** Of a NetworkPolicy. */
export interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}

/**
 * Every flow that the policies let through, as `who → whom protocol/port`: between the pods, and between them and what is
 * outside (another namespace, a range of addresses, anywhere). One of two pods that only one of the two may have says
 * so: it does not happen, and nobody meant that.
 */
export function flows(manifests: readonly Manifest[], pods: readonly PodTemplate[]): readonly string[] {
  const policies = ofKind<PolicySpec>(manifests, 'NetworkPolicy').map(({ spec }) => spec);
  const lines = { Ingress: new Set<string>(), Egress: new Set<string>() };
  for (const pod of pods) {
    for (const direction of ['Ingress', 'Egress'] as const) {
      for (const line of linesOf(policies, pods, pod, direction)) lines[direction].add(line);
    }
  }
  const apps = new Set(pods.map(appOf));
  const isInside = (line: string) =>
    line
      .split(/ → | /)
      .slice(0, 2)
      .every((name) => apps.has(name));
  const half = (from: Direction, other: Direction, why: string) =>
    [...lines[from]].map((line) => (isInside(line) && !lines[other].has(line) ? `${line} (${why})` : line));
  return [...new Set([...half('Egress', 'Ingress', 'not taken'), ...half('Ingress', 'Egress', 'not sent')])].toSorted();
}

function linesOf(
  policies: readonly PolicySpec[],
  pods: readonly PodTemplate[],
  pod: PodTemplate,
  direction: Direction,
): readonly string[] {
  const line = (peer: string, port: string) =>
    direction === 'Egress' ? `${appOf(pod)} → ${peer} ${port}` : `${peer} → ${appOf(pod)} ${port}`;
  const own = policies.filter(
    ({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, pod.labels),
  );
  // Whom no policy selects is not held to any.
  if (own.length === 0) return [line('anywhere', 'anything')];
  const rules = own.flatMap(({ ingress = [], egress = [] }) => (direction === 'Egress' ? egress : ingress));
  return rules.flatMap(({ from, to, ports = [{}] }) => {
    // An empty list of peers is everybody, as none is.
    const peers = from ?? to ?? [];
    return (peers.length === 0 ? [{}] : peers).flatMap((peer) =>
      namesOf(peer, pods).flatMap(([name, other]) =>
        (ports.length === 0 ? [{}] : ports).map((port) =>
          line(name, portText(port, direction === 'Egress' ? other : pod)),
        ),
      ),
    );
  });
}

/** Whom a peer means: pods here by their app, others in words. */
function namesOf(peer: PolicyPeer, pods: readonly PodTemplate[]): readonly [string, PodTemplate | null][] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock) return [[[ipBlock.cidr, ...(ipBlock.except ?? []).map((cidr) => `but ${cidr}`)].join(' '), null]];
  if (namespaceSelector) {
    const pod = podSelector ? ` ${selectorText(podSelector, 'pod')}` : '';
    return [[`${selectorText(namespaceSelector, 'namespace')}${pod}`, null]];
  }
  if (podSelector === undefined) return [['anywhere', null]];
  return pods.filter(({ labels }) => selects(podSelector, labels)).map((pod) => [appOf(pod), pod]);
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: Selector, what: string): string {
  const labels = Object.entries(matchLabels).map(([key, value]) =>
    key === 'kubernetes.io/metadata.name' ? value : `${key}=${value}`,
  );
  const others = matchExpressions.map(({ key, operator, values = [] }) => `${key} ${operator} ${values.join('|')}`);
  return [what, ...(labels.length + others.length === 0 ? ['any'] : [...labels, ...others])].join(' ');
}

function portText({ port, endPort, protocol }: PolicyPort, at: PodTemplate | null): string {
  if (port === undefined) return `${protocol ?? 'any'}/any`;
  const number = typeof port === 'number' ? port : (at && portOf(at, port, protocol)?.containerPort) || port;
  return `${protocol ?? 'TCP'}/${number}${endPort === undefined ? '' : `-${endPort}`}`;
}

function appOf({ labels }: PodTemplate): string {
  return labels['app'] ?? '';
}
