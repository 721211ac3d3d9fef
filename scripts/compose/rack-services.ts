import type { YAMLMap } from 'yaml';
import { serverList } from '../../src/lab/role-arguments.ts';
import type { ComposeConfig } from './compose-config.ts';
import { DATACENTER, ids } from './names.ts';
import { block, inline, list, type Part } from './nodes.ts';
import { CONTAINER_USER } from './key-file.ts';
import { keySource } from './secrets.ts';
import { build, dependsOn, healthcheck, SERVICE, toneEnvironment } from './shared-parts.ts';

const RACK = 'rack';
const ENVIRONMENT = 'rack-environment';
/** Where a rack keeps its capsules of incidents: the only place it can write to. */
const INCIDENT_DIRECTORY = '/var/lib/netwatch/incidents';
/** Some seventy capsules; the file system has room for what is removed while something else is written. */
const INCIDENT_BYTES = 32 * 2 ** 20;
const TMPFS_SIZE = '40m';

/** What all racks have in common. */
export function commonRack(config: ComposeConfig): YAMLMap {
  const { path, volumes, secrets } = keySource(config);
  const environment = {
    DC_CONTROLLER_HOST: DATACENTER,
    // Who is unheard of is not healthy.
    NETWATCH_EXPECT: serverList(ids(config.serversPerRack)),
    NETWATCH_KEY_FILE: path,
    NETWATCH_INCIDENT_DIR: INCIDENT_DIRECTORY,
    NETWATCH_INCIDENT_BYTES: INCIDENT_BYTES,
    ...toneEnvironment(config),
  };
  return block(
    {
      image: 'netwatch-rack',
      mem_limit: '192m',
      cpus: 0.5,
      pids_limit: 64,
      environment: block(environment, { anchor: ENVIRONMENT }),
      volumes,
      // In memory, which the limit above counts: capsules are gone when the container is made anew.
      tmpfs: list(`${INCIDENT_DIRECTORY}:size=${TMPFS_SIZE},mode=0700,uid=${CONTAINER_USER},gid=${CONTAINER_USER}`),
      secrets,
      healthcheck: healthcheck(2),
      depends_on: dependsOn({ keys: 'service_completed_successfully', [DATACENTER]: 'service_healthy' }),
    },
    { anchor: RACK, merge: SERVICE },
  );
}

/** One rack controller. The first one builds the image of all. */
export function rackService(rackId: number): Part {
  return block(
    {
      ...(rackId === 0 ? { build: build('rack') } : { pull_policy: 'never' }),
      environment: inline({ RACK_ID: rackId }, { merge: ENVIRONMENT }),
      labels: inline({ 'netwatch.role': 'rack', 'netwatch.rack': `${rackId}` }),
    },
    { merge: RACK },
  );
}
