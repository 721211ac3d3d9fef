import { homedir } from 'node:os';
import type { PlaceConfig } from '../config/place.ts';
import type { Log } from '../io/log.ts';
import { UserError } from '../io/user-error.ts';
import { loadKubeconfig } from '../kubernetes/load-kubeconfig.ts';
import type { ClusterNode, Place } from './claim.ts';
import { findPlace } from './find-place.ts';
import { LeaseApi, type NodeFacts } from './lease-api.ts';
import { LeaseClaims } from './lease-claims.ts';
import { writeAgentFile } from './write-agent-file.ts';

/** Rack ids have 16 bits. */
const MAX_RACK_ID = 65_535;

export interface PlaceOptions {
  readonly config: PlaceConfig;
  /** The variable KUBECONFIG; without one, ~/.kube/config or the service account of the pod that this runs in. */
  readonly kubeconfig: string | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Gives a node its place, and writes the configuration of its agent.
 * @throws UserError when the node cannot be given one, or the file not be written; KubernetesApiError when a call to the
 *   API server fails; the reason of `signal` when that is aborted
 */
export async function runPlace({ config, kubeconfig, log, signal }: PlaceOptions): Promise<Place> {
  const client = await import('@kubernetes/client-node');
  const cluster = loadKubeconfig(client, { kubeconfig, homeDirectory: homedir(), context: null });
  const api = new LeaseApi({ client, config: cluster, namespace: config.namespace, signal });
  try {
    const node = clusterNode(config, await api.node(config.nodeName));
    const place = await findPlace(new LeaseClaims(api), node, config);
    await writeAgentFile(config, place);
    log.info({ ...place, node: node.name, file: config.out }, 'the node has its place');
    return place;
  } finally {
    await api.close();
  }
}

/** @throws UserError when the label of its rack is no rack */
function clusterNode(config: PlaceConfig, { uid, labels }: NodeFacts): ClusterNode {
  const { nodeName: name, rackLabel, zoneLabel } = config;
  const rack = labels[rackLabel];
  if (rack !== undefined && !(/^\d{1,5}$/.test(rack) && Number(rack) <= MAX_RACK_ID)) {
    throw new UserError(`node ${name} has the label ${rackLabel}=${rack}: allowed is a rack from 0 to ${MAX_RACK_ID}`);
  }
  return { name, uid, rackId: rack === undefined ? null : Number(rack), zone: labels[zoneLabel] || null };
}
