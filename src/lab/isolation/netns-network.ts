/** A destination that this host has a route to, its own addresses included. */
export interface UsedRange {
  /** `10.78.0.0/24`, or one address. */
  readonly destination: string;
  /** Of the device it leads to; null for one that leads nowhere. */
  readonly device: string | null;
}

/**
 * First halves of the addresses that a lab may take, in order: for a second lab, or where a route such as 10.0.0.0/8
 * leads elsewhere. 198.18.0.0/15 is set aside for tests of networks (RFC 2544).
 */
export const NETWORKS = ['10.78', '10.79', '10.80', '10.81', '198.18', '198.19'] as const;

const RACK_BITS = 24;
/** Routes with fewer leading bits are the default route in parts, as VPNs set it: 0.0.0.0/1 and 128.0.0.0/1. */
const LEAST_ROUTE_BITS = 8;

/**
 * The first range that has an address in common with NETWORK.RACK.0/24 of racks `0` to `racks - 1`, which they therefore
 * cannot have; null when there is none.
 */
export function networkConflict(network: string, racks: number, ranges: readonly UsedRange[]): UsedRange | null {
  const wanted = [...Array(racks).keys()].map((rackId) => bounds(`${network}.${rackId}.0/${RACK_BITS}`));
  const conflict = ranges.find(({ destination }) => {
    const [first, last] = bounds(destination);
    return wanted.some(([from, to]) => first <= to && last >= from);
  });
  return conflict ?? null;
}

/** Reads `ip -j -4 route show table all`, without the default routes. @throws Error when it is no such thing */
export function parseRoutes(json: string): readonly UsedRange[] {
  const routes: unknown = JSON.parse(json);
  if (!Array.isArray(routes)) throw new Error('ip did not list the routes as JSON');
  return routes.flatMap((route: unknown): UsedRange[] => {
    if (typeof route !== 'object' || route === null || !('dst' in route)) return [];
    const { dst: destination } = route;
    if (typeof destination !== 'string' || !/^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(destination)) return [];
    if (Number(destination.split('/')[1] ?? 32) < LEAST_ROUTE_BITS) return [];
    const device = 'dev' in route && typeof route.dev === 'string' ? route.dev : null;
    return [{ destination, device }];
  });
}

/** First and last address of a destination, as numbers. */
function bounds(destination: string): readonly [number, number] {
  const [address = '', bits = '32'] = destination.split('/');
  const size = 2 ** (32 - Number(bits));
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(value / size) * size;
  return [first, first + size - 1];
}
