import { netemArguments, qdiscArguments } from '../../netem/netem-arguments.ts';
import { mixSeed } from '../../netem/seeded-random.ts';
import type { Impairment } from '../../netem/impairment.ts';
import type { Injection, Phase } from '../../wire/injection.ts';

/** Of the qdisc at the root of a device: ASCII "NW". Whatever has another handle, but 0, is somebody else's. */
export const ROOT_HANDLE = '4e57:';
/** Kinds of qdisc that we put there. One of our handle and another kind is somebody else's too. */
export const OUR_KINDS: readonly string[] = ['netem', 'tbf', 'prio'];
/** Of the impairment when it hangs below the root, beside the band of spared ports. */
export const LEAF_HANDLE = '4e58:';
/** Of the filter that redirects what comes in: 0x4e57. */
export const REDIRECT_PREF = 20055;
/** What the name of an ifb device of ours begins with; its alias says `netwatch:DEVICE`. */
export const IFB_PREFIX = 'nwifb';

/** A netem that does nothing, said in full: what a change does not name, the kernel keeps (correlation, corruption, rate). */
export const IDLE_NETEM = 'netem limit 1000000 delay 0ms 0ms 0% corrupt 0% rate 0bit';
/** The nearest that a token bucket comes to doing nothing, for kernels that have no netem. */
export const IDLE_TBF = 'tbf rate 100gbit burst 128mb limit 128mb';

/** Longest wait for what still waits in a qdisc before it is deleted, in milliseconds. */
export const MAX_DRAIN_MS = 2_000;

/** Where a holder does what. */
export interface HolderOptions {
  readonly injection: Injection;
  readonly server: { readonly rackId: number; readonly serverId: number };
  /** Null: every device that is up but lo, and our own. */
  readonly devices: readonly string[] | null;
  /**
   * The network namespace by its name in `ip netns`, for command lines that a person can type as they are; without it
   * they are said to be for the network namespace of a container.
   */
  readonly namespace?: string;
}

export interface PhasePlan {
  readonly milliseconds: number;
  /** A qdisc's kind and its arguments. */
  readonly rule: readonly string[];
  /** It cannot take the place of the phase before it: the kernel keeps a table of delays until the qdisc goes. */
  readonly isFresh: boolean;
}

/** What is to be done with `tc` on each device, whichever these are. */
export interface TrafficPlan {
  readonly phases: readonly PhasePlan[];
  /** u32 matches of what is left alone, each after `tc filter add dev DEVICE parent 4e57:`; empty: no bands. */
  readonly spared: readonly string[];
  readonly egress: boolean;
  readonly ingress: boolean;
  /** Stands in the rules as `$seed`: another one for each direction, so that the two do not lose alike. */
  readonly seeds: { readonly egress: number; readonly ingress: number } | null;
  readonly drainMs: number;
}

/** Stands for the seed in a rule. */
export const SEED = '$seed';

export function planTraffic(injection: Injection, server: { rackId: number; serverId: number }): TrafficPlan {
  const { direction, phases, seed } = injection;
  const mixed = seed === null ? null : mixSeed(seed, server.rackId, server.serverId);
  return {
    phases: planPhases(phases, mixed),
    spared: injection.sparePorts.length === 0 ? [] : sparedMatches(injection.sparePorts),
    egress: direction !== 'ingress',
    ingress: direction !== 'egress',
    seeds: mixed === null ? null : { egress: mixed, ingress: mixSeed(mixed, 1, 0) },
    drainMs: drainMs(phases),
  };
}

function planPhases(phases: readonly Phase[], seed: number | null): PhasePlan[] {
  const impairments = phases.flatMap(({ impairment }) => impairment ?? []);
  // Token buckets do for rates alone; beside anything else every phase is a netem, so that one changes into the next.
  const isTbf = impairments.length > 0 && impairments.every((each) => qdiscArguments(each, null)[0] === 'tbf');
  const resets = phases.length > 1 && !isTbf ? resetsBetween(impairments) : [];
  const hasTable = impairments.some(({ delay }) => delay !== null && delay.distribution !== 'uniform');
  return phases.map(({ seconds, impairment }) => ({
    milliseconds: Math.max(1, Math.round(seconds * 1_000)),
    rule: isTbf ? tbfRule(impairment) : netemRule(impairment, seed, resets),
    isFresh: hasTable && impairment?.delay?.distribution === 'uniform' && impairment.delay.jitterSeconds > 0,
  }));
}

function tbfRule(impairment: Impairment | null): readonly string[] {
  return impairment === null ? IDLE_TBF.split(' ') : qdiscArguments(impairment, null);
}

function netemRule(impairment: Impairment | null, seed: number | null, resets: readonly string[]): readonly string[] {
  if (impairment === null) return IDLE_NETEM.split(' ');
  const said = [...netemArguments(impairment, seed)];
  const at = said.lastIndexOf('seed');
  if (seed !== null && at >= 0) said[at + 1] = SEED;
  return ['netem', ...resets, ...said];
}

/** Names what some phase sets and another does not: what a change leaves out, the kernel keeps. */
function resetsBetween(impairments: readonly Impairment[]): string[] {
  return [
    ...(impairments.some(({ delay }) => delay !== null && delay.correlation > 0) ? ['delay', '0ms', '0ms', '0%'] : []),
    ...(impairments.some(({ corruptRatio }) => corruptRatio !== null) ? ['corrupt', '0%'] : []),
    ...(impairments.some(({ rateBitsPerSecond }) => rateBitsPerSecond !== null) ? ['rate', '0bit'] : []),
  ];
}

/** How long a packet can wait: its delay and four times its jitter; a rate may hold packets for any time. */
function drainMs(phases: readonly Phase[]): number {
  const waits = phases.map(({ impairment }) => {
    if (impairment === null) return 0;
    if (impairment.rateBitsPerSecond !== null) return Infinity;
    return impairment.delay === null ? 0 : impairment.delay.seconds + 4 * impairment.delay.jitterSeconds;
  });
  return Math.min(MAX_DRAIN_MS, Math.ceil(1_000 * Math.max(...waits)));
}

/** IPv4 without options and first fragments only: elsewhere no port is found at its usual place. */
function sparedMatches(ports: readonly number[]): string[] {
  const ends = ['sport', 'dport'];
  const protocols = [6, 17];
  const each = ports.flatMap((port) => protocols.flatMap((protocol) => ends.map((end) => ({ port, protocol, end }))));
  const clean = `flowid ${ROOT_HANDLE}1`;
  return [
    ...each.map(
      ({ port, protocol, end }) =>
        `protocol ip pref 1 u32 match ip ihl 5 0xf match u16 0 0x1fff at 6 ` +
        `match ip protocol ${protocol} 0xff match ip ${end} ${port} 0xffff ${clean}`,
    ),
    ...each.map(
      ({ port, protocol, end }) =>
        `protocol ipv6 pref 2 u32 match ip6 protocol ${protocol} 0xff match ip6 ${end} ${port} 0xffff ${clean}`,
    ),
    // Who cannot ask for its neighbour's address cannot reach a spared port either: ARP, and neighbour solicitations
    // and advertisements.
    ...[135, 136].map(
      (type) => `protocol ipv6 pref 2 u32 match ip6 protocol 58 0xff match u8 ${type} 0xff at 40 ${clean}`,
    ),
    `protocol arp pref 3 u32 match u32 0 0 ${clean}`,
  ];
}
