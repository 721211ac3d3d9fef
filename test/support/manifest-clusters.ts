import { type Manifest, rendered } from './kustomize.ts';

/** What is applied together. */
const CLUSTERS = {
  base: ['base'],
  lab: ['overlays/lab', 'overlays/chaos', 'overlays/gateway'],
  nodes: ['overlays/nodes', 'overlays/monitoring-operator', 'overlays/gateway'],
} as const;

export type ClusterName = keyof typeof CLUSTERS;

/** Everything that such a cluster is given. */
export function clusterOf(name: ClusterName): readonly Manifest[] {
  return CLUSTERS[name].flatMap((path) => rendered(path));
}
