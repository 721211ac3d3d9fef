import type { LabConfig } from '../config/lab.ts';
import type { Lifecycle } from '../io/lifecycle.ts';
import type { LabFile } from '../wire/lab-file.ts';
import { serversOf, type NetnsPlan } from './isolation/netns-plan.ts';
import { openNetns } from './isolation/open-netns.ts';
import { allProcesses, type LabPlan } from './lab-plan.ts';
import { placeInNamespaces, placeOnHost, type RackPlace } from './placement.ts';
import { checkPorts } from './ports.ts';

/** What is between the servers of a lab and their racks. */
export interface LabNetwork {
  /** By rack id. */
  readonly places: readonly RackPlace[];
  /** What the file of the lab says of it. */
  readonly description: Pick<LabFile, 'isolation' | 'namespaces'>;
  /**
   * Makes it, if there is anything to make, and makes sure that every role can listen where the plan says.
   * @throws PortsError that names every port that is taken, IsolationError
   */
  prepare(plan: LabPlan): Promise<void>;
}

/** Longest that it may take to end what holds injections, and to take everything away. */
const REMOVAL_DEADLINE_MS = 4000;

/**
 * Finds the network of a lab: this host as it is, or namespaces, which are removed when the lifecycle is closed.
 * @throws IsolationError when there can be no namespaces
 */
export async function openLabNetwork(parts: {
  config: LabConfig;
  lifecycle: Lifecycle;
  writeLine: (line: string) => void;
}): Promise<LabNetwork> {
  const { config, lifecycle, writeLine } = parts;
  if (config.isolation === 'none') {
    return {
      places: placeOnHost(config),
      description: { isolation: 'none', namespaces: [] },
      prepare: async (plan) => checkPorts(listenPlaces(plan)),
    };
  }
  const netns = await openNetns({ ...config, onSwept: writeLine });
  lifecycle.defer('the network namespaces of the lab', async () => netns.close(), REMOVAL_DEADLINE_MS);
  const bridges = new Set(netns.plan.racks.map(({ address }) => address));
  return {
    places: placeInNamespaces(netns.plan),
    description: { isolation: 'netns', namespaces: namespaces(netns.plan) },
    async prepare(plan) {
      const places = listenPlaces(plan);
      await checkPorts(places.filter(({ host }) => !bridges.has(host)));
      await netns.build();
      // Their addresses are there only now; what listens on every address may still have a port.
      await checkPorts(places.filter(({ host }) => bridges.has(host)));
    },
  };
}

function listenPlaces(plan: LabPlan) {
  return allProcesses(plan).flatMap(({ places }) => places);
}

function namespaces(plan: NetnsPlan): LabFile['namespaces'] {
  return serversOf(plan).map(({ rackId, serverId, name }) => ({
    rack_id: rackId,
    server_id: serverId,
    namespace: name,
  }));
}
