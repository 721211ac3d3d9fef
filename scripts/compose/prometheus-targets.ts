import type { ComposeConfig } from './compose-config.ts';
import { DATACENTER, ids, METRICS_PORT, PROMETHEUS, PROMETHEUS_PORT, rackName, serverName } from './names.ts';

/** What Prometheus' file discovery reads: addresses that share labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Prometheus' targets, by the name of their file in prometheus/targets. */
export function prometheusTargets(config: ComposeConfig): Readonly<Record<string, readonly TargetGroup[]>> {
  const { racks, serversPerRack, dcId } = config;
  const group = (
    instance: string,
    labels: Readonly<Record<string, string>> = {},
    port = METRICS_PORT,
  ): TargetGroup => ({
    targets: [`${instance}:${port}`],
    labels: { instance, dc_id: dcId, ...labels },
  });
  return {
    'datacenter.json': [group(DATACENTER)],
    'racks.json': ids(racks).map((rack) => group(rackName(rack), { rack_id: `${rack}` })),
    'servers.json': ids(racks).flatMap((rack) =>
      ids(serversPerRack).map((server) =>
        group(serverName(rack, server), { rack_id: `${rack}`, server_id: `${server}` }),
      ),
    ),
    'prometheus.json': [group(PROMETHEUS, {}, PROMETHEUS_PORT)],
  };
}

/** The text of a file of targets: JSON with two lines for each group. */
export function targetsText(groups: readonly TargetGroup[]): string {
  const objects = groups.map(
    ({ targets, labels }) => `{\n"targets": ${JSON.stringify(targets)},\n"labels": ${JSON.stringify(labels)} }`,
  );
  return `[${objects.join(',')}]`;
}
