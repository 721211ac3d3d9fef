import { IFB_PREFIX, LEAF_HANDLE, REDIRECT_PREF, ROOT_HANDLE } from './traffic-control.ts';

// Each command line as a shell takes it; devices and rules may be variables of the script.

/** Two bands: the first is left alone, the second has the impairment and everything that no filter sends elsewhere. */
export function bandsCommand(device: string): string {
  const priomap = Array.from({ length: 16 }, () => '1').join(' ');
  return `tc qdisc replace dev ${device} root handle ${ROOT_HANDLE} prio bands 2 priomap ${priomap}`;
}

export function spareArguments(device: string, match: string): string {
  return `filter add dev ${device} parent ${ROOT_HANDLE} ${match}`;
}

/** Where the impairment of a device is: its root, or below the second band. */
export function placeOf(isBanded: boolean): string {
  return isBanded ? `parent ${ROOT_HANDLE}2 handle ${LEAF_HANDLE}` : `root handle ${ROOT_HANDLE}`;
}

export function ruleCommand(verb: 'replace' | 'change' | 'add' | 'del', device: string, placeAndRule: string): string {
  return `tc qdisc ${verb} dev ${device} ${placeAndRule}`;
}

/** An ifb of ours, which says whose incoming packets it takes. */
export function ifbCommands(ifb: string, device: string): readonly string[] {
  return [
    `ip link add ${ifb} type ifb`,
    `ip link set dev ${ifb} alias netwatch:${device}`,
    `ip link set dev ${ifb} up`,
  ];
}

export function redirectCommands(device: string, ifb: string): readonly string[] {
  return [
    `tc qdisc replace dev ${device} handle ffff: ingress`,
    `tc filter add dev ${device} parent ffff: protocol all pref ${REDIRECT_PREF} u32 match u32 0 0 action mirred egress redirect dev ${ifb}`,
  ];
}

export function unredirectCommands(device: string, ifb: string): readonly string[] {
  return [
    `tc filter del dev ${device} parent ffff: protocol all pref ${REDIRECT_PREF}`,
    `tc qdisc del dev ${device} handle ffff: ingress`,
    `ip link del dev ${ifb}`,
  ];
}

/** The name of the n-th ifb, when no other has it. */
export function ifbName(index: number | string): string {
  return `${IFB_PREFIX}${index}`;
}
