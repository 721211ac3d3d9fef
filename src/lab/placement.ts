import type { LabConfig } from '../config/lab.ts';
import { inNamespace, type NetnsPlan } from './isolation/netns-plan.ts';

/** Where an agent runs, and for whom it sings. */
export interface AgentPlace {
  /** `agent-2`, or `agent-2-5` when server 5 has one of its own. */
  readonly name: string;
  readonly serverIds: readonly number[];
  /** Address at which it serves HTTP. */
  readonly host: string;
  /** Whether that address is one of this host; then others may have taken its ports. */
  readonly isOnHost: boolean;
  /** What comes before its command line: enters its namespace. */
  readonly commandPrefix: readonly string[];
}

/** Where a rack hears its servers, and where these are. */
export interface RackPlace {
  readonly rackId: number;
  /** Address at which it listens for samples. */
  readonly samplesHost: string;
  readonly agents: readonly AgentPlace[];
}

/** Everything on one address of this host, with an agent for each rack. By rack id. */
export function placeOnHost({ racks, serversPerRack, host }: LabConfig): readonly RackPlace[] {
  return [...Array(racks).keys()].map((rackId) => {
    const serverIds = [...Array(serversPerRack).keys()];
    const agent: AgentPlace = { name: `agent-${rackId}`, serverIds, host, isOnHost: true, commandPrefix: [] };
    return { rackId, samplesHost: host, agents: [agent] };
  });
}

/** Each server in its namespace, with an agent of its own, and each rack on its bridge. By rack id. */
export function placeInNamespaces({ racks }: NetnsPlan): readonly RackPlace[] {
  return racks.map(({ rackId, address: samplesHost, servers }) => ({
    rackId,
    samplesHost,
    agents: servers.map(({ serverId, name: namespace, address }) => ({
      name: `agent-${rackId}-${serverId}`,
      serverIds: [serverId],
      host: address,
      isOnHost: false,
      commandPrefix: inNamespace(namespace),
    })),
  }));
}
