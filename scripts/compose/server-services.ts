import type { YAMLMap } from 'yaml';
import type { ComposeConfig } from './compose-config.ts';
import { rackName } from './names.ts';
import { block, inline, type Part } from './nodes.ts';
import { keySource } from './secrets.ts';
import { dependsOn, healthcheck, SERVICE, toneEnvironment } from './shared-parts.ts';

const SERVER = 'server';
const ENVIRONMENT = 'server-environment';

/** What all servers have in common. */
export function commonServer(config: ComposeConfig): YAMLMap {
  const { path, volumes, secrets } = keySource(config);
  return block(
    {
      image: 'netwatch-agent',
      pull_policy: 'never',
      mem_limit: '64m',
      cpus: 0.25,
      pids_limit: 64,
      environment: block({ NETWATCH_KEY_FILE: path, ...toneEnvironment(config) }, { anchor: ENVIRONMENT }),
      volumes,
      secrets,
      healthcheck: healthcheck(10),
    },
    { anchor: SERVER, merge: SERVICE },
  );
}

/** What the servers of a rack have in common. `netwatch chaos` finds them by their labels. */
export function commonServerOfRack(rackId: number): YAMLMap {
  const environment = { RACK_ID: rackId, RACK_CONTROLLER_HOST: rackName(rackId) };
  return block(
    {
      environment: inline(environment, { merge: ENVIRONMENT, anchor: environmentOf(rackId) }),
      labels: inline({ 'netwatch.role': 'server', 'netwatch.rack': `${rackId}` }, { anchor: labelsOf(rackId) }),
      depends_on: dependsOn({ [rackName(rackId)]: 'service_healthy' }),
    },
    { anchor: serverOf(rackId), merge: SERVER },
  );
}

/** One server. */
export function serverService(rackId: number, serverId: number): Part {
  return block(
    {
      environment: inline({ SERVER_ID: serverId }, { merge: environmentOf(rackId) }),
      labels: inline({ 'netwatch.server': `${serverId}` }, { merge: labelsOf(rackId) }),
    },
    { merge: serverOf(rackId) },
  );
}

function serverOf(rackId: number): string {
  return `server-of-rack-${rackId}`;
}

function environmentOf(rackId: number): string {
  return `environment-of-rack-${rackId}`;
}

function labelsOf(rackId: number): string {
  return `labels-of-rack-${rackId}`;
}
