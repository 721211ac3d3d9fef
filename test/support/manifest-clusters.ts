import { type Manifest, rendered, skipWithoutKustomize } from './kustomize.ts';

/** What is applied together. */
const CLUSTERS = {
  base: ['base'],
  lab: ['overlays/lab', 'overlays/chaos', 'overlays/gateway'],
  nodes: ['overlays/nodes', 'overlays/monitoring-operator', 'overlays/gateway'],
} as const;

export type ClusterName = keyof typeof CLUSTERS;

export const CLUSTER_NAMES: readonly ClusterName[] = ['base', 'lab', 'nodes'];

/** Everything that such a cluster is given; nothing where it cannot be rendered, and tests of it are passed over. */
export function clusterOf(name: ClusterName): readonly Manifest[] {
  return skipWithoutKustomize === false ? CLUSTERS[name].flatMap((path) => rendered(path)) : [];
}
