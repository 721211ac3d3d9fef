import type { LabConfig } from '../config/lab.ts';
import { ConfigError } from '../config/load.ts';

/** The first port of each kind; those of racks and agents are counted up from there. */
export interface LabPorts {
  readonly reports: number;
  readonly api: number;
  readonly metrics: number;
  readonly rackSamples: number;
  readonly rackHttp: number;
  readonly agentHttp: number;
  readonly agentControl: number;
}

const DEFAULT_PORTS: LabPorts = {
  reports: 9990,
  api: 8080,
  metrics: 8000,
  rackSamples: 9999,
  rackHttp: 8001,
  agentHttp: 8101,
  agentControl: 8201,
};
const AGENT_CONTROL_OFFSET = 400;
const MAX_PORT = 65_535;

/**
 * The ports of a lab.
 * @throws ConfigError when one would be above 65535
 */
export function labPorts({ basePort: base, racks }: Pick<LabConfig, 'basePort' | 'racks'>): LabPorts {
  if (base === null) return DEFAULT_PORTS;
  const highest = MAX_PORT - AGENT_CONTROL_OFFSET - (racks - 1);
  if (base > highest) {
    const last = base + AGENT_CONTROL_OFFSET + racks - 1;
    throw new ConfigError([
      `--base-port: got ${base}, but agent-${racks - 1} would listen on port ${last}, and the last there is is ` +
        `${MAX_PORT}; allowed with --racks ${racks}: 1 to ${highest}`,
    ]);
  }
  return {
    reports: base,
    api: base + 1,
    metrics: base + 2,
    rackSamples: base + 100,
    rackHttp: base + 200,
    agentHttp: base + 300,
    agentControl: base + AGENT_CONTROL_OFFSET,
  };
}
