import type { ComposeConfig } from './compose-config.ts';
import { API_PORT, onLoopback } from './names.ts';
import { block, inline, list, type Part, rows } from './nodes.ts';
import { keysScript, TOKEN_FILE, tokenVolumes, writableVolumes } from './secrets.ts';
import { build, dependsOn, healthcheck, SERVICE } from './shared-parts.ts';

/** Makes key and token and is done. It builds the image of all agents, which has all it needs: a shell. */
export function keysService(config: ComposeConfig): Part {
  return block(
    {
      image: 'netwatch-agent',
      build: build('agent'),
      restart: 'no',
      mem_limit: '32m',
      cpus: 0.25,
      pids_limit: 16,
      entrypoint: list('sh', '-euc'),
      command: rows(keysScript(config)),
      volumes: writableVolumes(config),
      healthcheck: inline({ disable: true }),
    },
    { merge: SERVICE },
  );
}

/** The datacenter controller, whose API is the only one of ours that the host sees. */
export function datacenterService({ dcId, racks }: ComposeConfig): Part {
  return block(
    {
      image: 'netwatch-datacenter',
      build: build('datacenter'),
      mem_limit: '192m',
      cpus: 0.5,
      pids_limit: 64,
      environment: block({ DC_ID: dcId, NUM_RACKS: racks, NETWATCH_CONTROL_TOKEN_FILE: TOKEN_FILE }),
      labels: block({ 'netwatch.role': 'datacenter', 'netwatch.control-token-file': TOKEN_FILE }),
      volumes: tokenVolumes(),
      ports: list(onLoopback(API_PORT, API_PORT)),
      healthcheck: healthcheck(2),
      depends_on: dependsOn({ keys: 'service_completed_successfully' }),
    },
    { merge: SERVICE },
  );
}

/** Only builds the helper that `netwatch chaos --target docker` runs beside a server. */
export function chaosService(): Part {
  return block(
    {
      image: 'netwatch-chaos',
      build: 'containers/chaos',
      profiles: list('chaos'),
      restart: 'no',
      mem_limit: '32m',
      cpus: 0.25,
      pids_limit: 16,
    },
    { merge: SERVICE },
  );
}
