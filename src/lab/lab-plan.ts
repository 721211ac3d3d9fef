import type { LabConfig } from '../config/lab.ts';
import type { ListenPlace } from '../io/listen-error.ts';
import { labPorts, type LabPorts } from './lab-ports.ts';
import { type AgentPlace, placeOnHost, type RackPlace } from './placement.ts';
import type { PlannedAgent, PlannedProcess } from './planned-process.ts';
import { commandLine, reachable, serverList, urlOf } from './role-arguments.ts';

/** Every process of a lab, in the order in which they are started. */
export interface LabPlan {
  readonly datacenter: PlannedProcess;
  /** By rack id. */
  readonly racks: readonly PlannedProcess[];
  /** By rack id, and by server id where each server has its own. */
  readonly agents: readonly PlannedAgent[];
  /** Of the datacenter's API, without a path. */
  readonly apiUrl: string;
  /** Of the page that shows it all. */
  readonly dashboardUrl: string;
  /** Names the file with the token that whoever controls the lab must show. */
  readonly tokenFile: string;
}

/** Files of a lab that its roles are told of. */
export interface ControlFiles {
  /** Has the token of its control endpoints. */
  readonly tokenFile: string;
  /** Will say how it is controlled, once it runs. */
  readonly labFile: string;
  /** Takes the capsules of its racks, unless its user says where they go. */
  readonly incidentDirectory: string;
}

/** The one address an agent is controlled at. */
const CONTROL_HOST = '127.0.0.1';
/** Of the capsules of each rack: a lab has up to 64 racks, and one disk, or memory. */
const INCIDENT_BYTES = 16 * 2 ** 20;
const SERVER_NAMES = 'r{rack}-s{server}';

/**
 * Says which processes a lab consists of, with their arguments and ports.
 * @param places where each rack and its servers are
 * @throws ConfigError when a port would be above 65535
 */
export function planLab(
  config: LabConfig,
  files: ControlFiles,
  places: readonly RackPlace[] = placeOnHost(config),
): LabPlan {
  const ports = labPorts(config);
  const { tokenFile } = files;
  const apiUrl = urlOf(config.host, ports.api);
  return {
    datacenter: planDatacenter(config, ports, files),
    racks: places.map((rack) => planRack({ config, ports, rack, files })),
    agents: places.flatMap((rack) => rack.agents.map((agent) => planAgent({ config, ports, rack, agent, tokenFile }))),
    apiUrl,
    dashboardUrl: `${apiUrl}/`,
    tokenFile,
  };
}

/** All processes, in the order in which they are started. */
export function allProcesses({ datacenter, racks, agents }: LabPlan): readonly PlannedProcess[] {
  return [datacenter, ...racks, ...agents];
}

function planDatacenter(config: LabConfig, ports: LabPorts, files: ControlFiles): PlannedProcess {
  const { host } = config;
  return {
    role: 'datacenter',
    name: 'datacenter',
    commandPrefix: [],
    args: commandLine('datacenter', {
      'tcp-listen-host': host,
      'tcp-listen-port': ports.reports,
      'api-host': host,
      'api-port': ports.api,
      'metrics-host': host,
      'metrics-port': ports.metrics,
      'dc-id': 'lab',
      'num-racks': config.racks,
      'log-level': config.logLevel,
      'control-token-file': files.tokenFile,
      'lab-file': files.labFile,
    }),
    places: [
      { purpose: 'reports of the racks', protocol: 'tcp', host, port: ports.reports },
      { purpose: 'the API of the datacenter', protocol: 'tcp', host, port: ports.api },
      { purpose: 'metrics of the datacenter', protocol: 'tcp', host, port: ports.metrics },
    ],
    readyUrl: `${urlOf(host, ports.api)}/readyz`,
    metricsUrl: `${urlOf(host, ports.metrics)}/metrics`,
  };
}

function planRack(parts: { config: LabConfig; ports: LabPorts; rack: RackPlace; files: ControlFiles }): PlannedProcess {
  const { config, ports, files } = parts;
  const { rackId, samplesHost } = parts.rack;
  const { host } = config;
  const name = `rack-${rackId}`;
  const [samplesPort, httpPort] = [ports.rackSamples + rackId, ports.rackHttp + rackId];
  return {
    role: 'rack',
    name,
    commandPrefix: [],
    args: commandLine('rack', {
      'rack-id': rackId,
      'udp-listen-host': samplesHost,
      'udp-listen-port': samplesPort,
      'dc-controller-host': reachable(host),
      'dc-controller-port': ports.reports,
      expect: serverList([...Array(config.serversPerRack).keys()]),
      'metrics-host': host,
      'metrics-port': httpPort,
      'incident-dir': config.incidentDir ?? files.incidentDirectory,
      'incident-bytes': INCIDENT_BYTES,
      'incident-span': config.incidentSpanSeconds,
      ...(config.severityText === null ? {} : { severity: config.severityText }),
      ...sharedBySendersAndRacks(config),
    }),
    places: [
      { purpose: `samples of ${name}`, protocol: 'udp', host: samplesHost, port: samplesPort },
      { purpose: `metrics and spectra of ${name}`, protocol: 'tcp', host, port: httpPort },
    ],
    readyUrl: `${urlOf(host, httpPort)}/readyz`,
    metricsUrl: `${urlOf(host, httpPort)}/metrics`,
  };
}

function planAgent(parts: {
  config: LabConfig;
  ports: LabPorts;
  rack: RackPlace;
  agent: AgentPlace;
  tokenFile: string;
}): PlannedAgent {
  const { config, ports, tokenFile } = parts;
  const { rackId, samplesHost } = parts.rack;
  const { name, serverIds, host, isOnHost, commandPrefix } = parts.agent;
  const httpPort = ports.agentHttp + rackId;
  // In a namespace the network itself is broken, not the agent's idea of it.
  const control = isOnHost ? planControl(name, ports.agentControl + rackId, tokenFile) : null;
  const http: ListenPlace = { purpose: `metrics of ${name}`, protocol: 'tcp', host, port: httpPort };
  return {
    role: 'agent',
    name,
    commandPrefix,
    args: commandLine('agent', {
      'rack-id': rackId,
      servers: serverList(serverIds),
      'rack-controller-host': reachable(samplesHost),
      'rack-controller-port': ports.rackSamples + rackId,
      name: SERVER_NAMES,
      'metrics-host': host,
      'metrics-port': httpPort,
      ...control?.flags,
      ...sharedBySendersAndRacks(config),
    }),
    places: isOnHost ? [http, ...(control?.places ?? [])] : [],
    readyUrl: `${urlOf(host, httpPort)}/readyz`,
    metricsUrl: `${urlOf(host, httpPort)}/metrics`,
    rackId,
    serverIds,
    controlUrl: control?.url ?? null,
  };
}

/** Where an agent is told to break its network: on loopback, wherever else the lab listens. */
function planControl(name: string, port: number, tokenFile: string) {
  const place: ListenPlace = { purpose: `control of ${name}`, protocol: 'tcp', host: CONTROL_HOST, port };
  return {
    flags: { 'control-port': port, 'control-token-file': tokenFile },
    places: [place],
    url: urlOf(CONTROL_HOST, port),
  };
}

/** What a rack and its agents must agree on. */
function sharedBySendersAndRacks({ sampleRateHz, frequencyPlanText, logLevel, keyFile }: LabConfig) {
  return {
    rate: sampleRateHz,
    'frequency-plan': frequencyPlanText,
    'log-level': logLevel,
    ...(keyFile === null ? {} : { 'key-file': keyFile }),
  };
}
