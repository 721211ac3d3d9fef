import { homedir } from 'node:os';
import type { PlaceConfig } from '../config/place.ts';
import type { Log } from '../io/log.ts';
import { pause } from '../io/pause.ts';
import { UserError } from '../io/user-error.ts';
import { loadKubeconfig, loginOf } from '../kubernetes/load-kubeconfig.ts';
import type { ClusterNode, Place } from './claim.ts';
import { findPlace } from './find-place.ts';
import { LeaseClaims } from './lease-claims.ts';
import { type NodeFacts, PlacementApi } from './placement-api.ts';
import { requireWritable, writeAgentFile } from './write-agent-file.ts';

/** Rack ids have 16 bits. */
const MAX_RACK_ID = 65_535;
/** Longest that the whole may take: a pod that begins anew is looked at sooner than one that never ends. */
const LONGEST_MS = 300_000;
/** There is no flag for another context. The policy of overlays/nodes lets its pods ask the API server. */
const CALLER = { hasContextFlag: false, networkPolicy: 'placement' } as const;

export interface PlaceOptions {
  readonly config: PlaceConfig;
  /** The variable KUBECONFIG; without one, ~/.kube/config or the service account of the pod that this runs in. */
  readonly kubeconfig: string | undefined;
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Aborts when it has taken too long; without one, after five minutes. */
  readonly deadline?: AbortSignal;
}

/**
 * Gives a node its place, and writes the configuration of its agent.
 * @throws UserError when the node cannot be given one, or the file cannot be written; KubernetesApiError when a call to
 *   the API server fails; the reason of `signal` when that is aborted
 */
export async function runPlace(options: PlaceOptions): Promise<Place> {
  const { config, kubeconfig, log, random, deadline = AbortSignal.timeout(LONGEST_MS) } = options;
  await requireWritable(config.out);
  const client = await import('@kubernetes/client-node');
  const source = { kubeconfig, homeDirectory: homedir(), context: null, ...CALLER };
  const cluster = loadKubeconfig(client, source);
  const signal = AbortSignal.any([options.signal, deadline]);
  const api = new PlacementApi({
    client,
    config: cluster,
    login: loginOf(source),
    namespace: config.namespace,
    signal,
  });
  try {
    const node = clusterNode(config, await api.node(config.nodeName));
    const waiting = { random, pauseMs: (ms: number) => pauseUnlessAborted(ms, signal) };
    const place = await findPlace({ book: new LeaseClaims(api), node, rules: config, waiting });
    await writeAgentFile(config, place);
    log.info({ ...place, node: node.name, file: config.out }, 'the node has its place');
    return place;
  } catch (error) {
    options.signal.throwIfAborted();
    throw deadline.aborted ? tooLate(config, api) : error;
  } finally {
    await api.close();
  }
}

async function pauseUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, signal);
  signal.throwIfAborted();
}

function tooLate({ nodeName }: PlaceConfig, api: PlacementApi): UserError {
  return new UserError(
    `node ${nodeName} has no place after ${LONGEST_MS / 1000} s; the API server was asked last to ${api.lastText}. Is it busy (kubectl get --raw /readyz)? Run it again`,
  );
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
