import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import { placeSpec } from '../../src/config/place.ts';
import { createLog } from '../../src/io/log.ts';
import { runPlace } from '../../src/placement/run-place.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';
import { type LeaseDouble, startLeaseDouble } from './kubernetes-lease-double.ts';

/** The label of a node's zone. */
export const ZONE = 'topology.kubernetes.io/zone';

/** A cluster, and `netwatch place` for its nodes. */
export interface PlacementCluster {
  readonly api: LeaseDouble;
  readonly kubeconfig: string;
  readonly directory: string;
  /** Gives a node its place, as `rack/server`. */
  readonly place: (node: string, flags?: Readonly<Record<string, string>>) => Promise<string>;
}

/**
 * Three nodes in two zones.
 * @param deadline aborts when a place takes too long
 */
export async function startPlacementCluster(
  context: TestContext,
  deadline = new AbortController().signal,
): Promise<PlacementCluster> {
  const api = await startLeaseDouble(context);
  for (const [node, zone] of Object.entries({ 'worker-1': 'west-b', 'worker-2': 'west-a', 'worker-3': 'west-b' })) {
    api.nodes.set(node, { [ZONE]: zone });
  }
  const kubeconfig = await writeKubeconfig(context, api.url);
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-place-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const log = createLog({ role: 'place', level: 'silent' });
  const place = async (node: string, flags: Readonly<Record<string, string>> = {}): Promise<string> => {
    const out = join(directory, `${node}.json`);
    const config = loadConfig(placeSpec, { flags: { node, out, ...flags }, env: {}, file: undefined });
    const { rackId, serverId } = await runPlace({
      config,
      kubeconfig,
      log,
      random: Math.random,
      signal: context.signal,
      deadline,
    });
    return `${rackId}/${serverId}`;
  };
  return { api, kubeconfig, directory, place };
}
