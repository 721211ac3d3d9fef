import type { YAMLMap } from 'yaml';
import { commandOf, type ComposeConfig } from './compose-config.ts';
import { chaosService, datacenterService, keysService } from './control-services.ts';
import { grafanaService, prometheusService } from './monitoring-services.ts';
import {
  API_PORT,
  DATACENTER,
  GRAFANA_PORT,
  ids,
  PROMETHEUS,
  PROMETHEUS_HOST_PORT,
  rackName,
  serverName,
} from './names.ts';
import { documentText, inline, type Section, sections } from './nodes.ts';
import { commonRack, rackService } from './rack-services.ts';
import { secretsSection, volumeNames } from './secrets.ts';
import { commonServer, commonServerOfRack, serverService } from './server-services.ts';
import { commonService } from './shared-parts.ts';

/** The whole of docker-compose.yml. */
export function composeText(config: ComposeConfig): string {
  const root = sections(
    { key: 'x-service', comment: 'What every service has: no more than it needs.', part: commonService() },
    { key: 'x-rack', comment: 'A rack controller hears the servers of its rack.', part: commonRack(config) },
    { key: 'x-server', comment: 'A server sings its tone.', part: commonServer(config) },
    ...ids(config.racks).map((rackId) => ({
      key: `x-server-of-rack-${rackId}`,
      part: commonServerOfRack(rackId),
      apart: true,
    })),
    { key: 'services', part: services(config), apart: true },
    { key: 'networks', part: sections({ key: 'netwatch', part: inline({}) }), apart: true },
    { key: 'volumes', part: volumes(config), apart: true },
    { key: 'secrets', part: secretsSection(config), apart: true },
  );
  return documentText(root, header(config));
}

function services(config: ComposeConfig): YAMLMap {
  return sections(
    {
      key: 'keys',
      comment: keysComment(config),
      part: keysService(config),
    },
    { key: DATACENTER, part: datacenterService(config), apart: true },
    ...ids(config.racks).flatMap((rackId) => rackWithServers(config, rackId)),
    { key: PROMETHEUS, part: prometheusService(), apart: true },
    {
      key: 'grafana',
      comment:
        'Log in as admin with the password admin. That is for a lab on your own machine: change both before others reach it.',
      part: grafanaService(),
    },
    {
      key: 'chaos',
      comment:
        'Runs nothing: `docker compose --profile chaos build chaos` builds what `netwatch chaos --target docker` needs.',
      part: chaosService(),
    },
  );
}

function rackWithServers(config: ComposeConfig, rackId: number): readonly Section[] {
  return [
    { key: rackName(rackId), part: rackService(rackId), apart: true },
    ...ids(config.serversPerRack).map((serverId) => ({
      key: serverName(rackId, serverId),
      part: serverService(rackId, serverId),
    })),
  ];
}

function volumes(config: ComposeConfig): YAMLMap {
  return sections(...volumeNames(config).map((key) => ({ key, part: inline({}) })));
}

function keysComment({ keyFile }: ComposeConfig): string {
  const made =
    keyFile === null ? 'the key of the datagrams and the token of the datacenter' : 'the token of the datacenter';
  return `Makes ${made}, once: what is there stays.`;
}

function header(config: ComposeConfig): string {
  const { racks, serversPerRack } = config;
  return `NetWatch as it would run in earnest: a datacenter controller, ${counted(racks, 'rack controller')} with ${counted(serversPerRack, 'server')} each,
Prometheus and Grafana.

  docker compose up --build --detach     (docker-compose 1.29 does as well)

  dashboard and API   http://localhost:${API_PORT}
  Prometheus          http://localhost:${PROMETHEUS_HOST_PORT}
  Grafana             http://localhost:${GRAFANA_PORT}    admin / admin, for the lab only

Made by the command below, which also tells Prometheus whom to scrape; run it with other numbers for another size.
docs/operations.md has the rest.

  ${commandOf(config)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
