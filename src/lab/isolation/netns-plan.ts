import { type NetnsClaim, SERVER_DEVICE } from '../../wire/netns-claim.ts';

/** A server's network namespace, and the cable from it to its rack's bridge. */
export interface NetnsServer {
  readonly rackId: number;
  readonly serverId: number;
  /** Of the namespace, and of the end of the cable that is plugged into the bridge: `nw4711r0s3`. */
  readonly name: string;
  /** Of the other end, which is called `eth0`. */
  readonly address: string;
}

/** A rack's bridge, which has an address on this host: there its rack controller listens. */
export interface NetnsRack {
  readonly rackId: number;
  /** `nw4711r0`. */
  readonly bridge: string;
  readonly address: string;
  /** By server id. */
  readonly servers: readonly NetnsServer[];
}

/** All that a lab makes of the kernel's networks. Its names hold the process id of the lab. */
export interface NetnsPlan {
  /** Said on each bridge and cable, as `ip link` shows it. */
  readonly alias: string;
  /** By rack id. */
  readonly racks: readonly NetnsRack[];
}

const PREFIX_BITS = 24;

/** Says which bridges, namespaces, cables and addresses a lab has. The kernel takes names of at most 15 characters. */
export function planNetns(claim: NetnsClaim): NetnsPlan {
  const { pid, network } = claim;
  const racks = [...Array(claim.racks).keys()].map((rackId): NetnsRack => {
    const bridge = `nw${pid}r${rackId}`;
    const servers = [...Array(claim.servers_per_rack).keys()].map((serverId): NetnsServer => ({
      rackId,
      serverId,
      name: `${bridge}s${serverId}`,
      address: `${network}.${rackId}.${serverId + 2}`,
    }));
    return { rackId, bridge, address: `${network}.${rackId}.1`, servers };
  });
  return { alias: `netwatch-lab-${pid}-${claim.start_ticks}`, racks };
}

/** Lines for `ip -batch`, in order: bridges first, for without them nothing was made. */
export function hostLines({ racks, alias }: NetnsPlan): readonly string[] {
  const bridges = racks.flatMap(({ bridge, address }) => [
    `link add name ${bridge} type bridge`,
    `link set dev ${bridge} alias ${alias}`,
    `address add ${address}/${PREFIX_BITS} dev ${bridge}`,
    `link set dev ${bridge} up`,
  ]);
  const servers = racks.flatMap(({ bridge, servers: plugged }) =>
    plugged.flatMap(({ name }) => [
      `netns add ${name}`,
      `link add name ${name} type veth peer name ${SERVER_DEVICE} netns ${name}`,
      `link set dev ${name} alias ${alias}`,
      `link set dev ${name} master ${bridge} up`,
    ]),
  );
  return [...bridges, ...servers];
}

/** Lines for `ip -n NAME -batch`, once the host's are done. */
export function serverLines({ address }: NetnsServer): readonly string[] {
  return [
    'link set dev lo up',
    `address add ${address}/${PREFIX_BITS} dev ${SERVER_DEVICE}`,
    `link set dev ${SERVER_DEVICE} up`,
  ];
}

/** What comes before a command line that is to run in the namespace. */
export function inNamespace(name: string): readonly string[] {
  return ['ip', 'netns', 'exec', name];
}

/** Every server, by rack and server id. */
export function serversOf({ racks }: NetnsPlan): readonly NetnsServer[] {
  return racks.flatMap(({ servers }) => servers);
}
