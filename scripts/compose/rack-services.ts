import type { YAMLMap } from 'yaml';
import { serverList } from '../../src/lab/role-arguments.ts';
import type { ComposeConfig } from './compose-config.ts';
import { DATACENTER, ids } from './names.ts';
import { block, inline, type Part } from './nodes.ts';
import { keySource } from './secrets.ts';
import { build, dependsOn, healthcheck, SERVICE, toneEnvironment } from './shared-parts.ts';

const RACK = 'rack';
const ENVIRONMENT = 'rack-environment';

/** What all racks have in common. */
export function commonRack(config: ComposeConfig): YAMLMap {
  const { path, volumes, secrets } = keySource(config);
  const environment = {
    DC_CONTROLLER_HOST: DATACENTER,
    // Who is unheard of is not healthy.
    NETWATCH_EXPECT: serverList(ids(config.serversPerRack)),
    NETWATCH_KEY_FILE: path,
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
