import { UserError } from '../io/user-error.ts';
import type { ClaimBook, ClusterNode, Place } from './claim.ts';

/** How far ids go. */
export interface PlaceLimits {
  /** Racks 0 to racks − 1. */
  readonly racks: number;
  /** Servers 0 to serversPerRack − 1. */
  readonly serversPerRack: number;
}

/** Each try is lost to somebody who then has a place, and many may start at once. */
const MAX_TRIES = 1000;

/**
 * The place of a node: the one it has, or the first that is free, which is then its own. Its rack is that of its label,
 * else that of its zone. A node that was moved to another rack gives back its former place.
 * @throws UserError when the node says neither rack nor zone, or nothing is free; whatever the book throws
 */
export async function findPlace(book: ClaimBook, node: ClusterNode, limits: PlaceLimits): Promise<Place> {
  const rackId = node.rackId ?? (await rackOfZone(book, node, limits));
  if (rackId >= limits.racks) {
    throw new UserError(
      `node ${node.name} says that it stands in rack ${rackId}, but only racks 0 to ${limits.racks - 1} have a controller: change its label, or raise --racks and the number of rack controllers`,
    );
  }
  const held = await book.ofNode(node);
  const own = held.find((claim) => claim.rackId === rackId);
  const place = own ?? (await claimServer(book, node, { rackId, serversPerRack: limits.serversPerRack }));
  for (const former of held) {
    // oxlint-disable-next-line no-await-in-loop -- there is one at most, save after a lost connection
    if (former !== own) await book.release(former);
  }
  return { rackId, serverId: place.serverId };
}

async function rackOfZone(book: ClaimBook, node: ClusterNode, { racks }: PlaceLimits): Promise<number> {
  const { zone } = node;
  if (zone === null) {
    throw new UserError(
      `node ${node.name} says neither its rack nor its zone: kubectl label node ${node.name} netwatch.io/rack=0 (or the label that --rack-label or --zone-label names)`,
    );
  }
  return claimFirstFree(racks, async () => {
    const claims = await book.racks();
    const own = claims.find((claim) => claim.zone === zone);
    return {
      own: own?.rackId ?? null,
      taken: claims.map(({ rackId }) => rackId),
      claim: (rackId) => book.claimRack(rackId, zone),
      fullText: () =>
        `zone ${zone} of node ${node.name} has no rack: the ${racks} racks there are belong to the zones ${claims.map((claim) => claim.zone).join(', ')}. Raise --racks and the number of rack controllers, or label the nodes with netwatch.io/rack`,
    };
  });
}

async function claimServer(
  book: ClaimBook,
  node: ClusterNode,
  { rackId, serversPerRack }: { rackId: number; serversPerRack: number },
): Promise<Place> {
  const serverId = await claimFirstFree(serversPerRack, async () => {
    const claims = await book.serversOf(rackId);
    return {
      // Another pod of this node may have claimed it meanwhile.
      own: claims.find(({ nodeUid }) => nodeUid === node.uid)?.serverId ?? null,
      taken: claims.map((claim) => claim.serverId),
      claim: (free) => book.claimServer({ rackId, serverId: free }, node),
      fullText: () =>
        `rack ${rackId} has no place for node ${node.name}: all ${serversPerRack} are taken. Raise --servers-per-rack (and the rack controller's --max-servers), or give its nodes to another rack`,
    };
  });
  return { rackId, serverId };
}

interface Look {
  /** What is held already. */
  readonly own: number | null;
  readonly taken: readonly number[];
  readonly claim: (id: number) => Promise<boolean>;
  readonly fullText: () => string;
}

/** Looks, claims the first id that is free, and looks again when somebody else was faster. */
async function claimFirstFree(ids: number, look: () => Promise<Look>): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- each look is at what the last try left
    const { own, taken, claim, fullText } = await look();
    if (own !== null) return own;
    const free = firstFree(taken);
    if (free >= ids) throw new UserError(fullText());
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (await claim(free)) return free;
  }
  throw new UserError(`no place could be claimed in ${MAX_TRIES} tries: others were faster each time. Try again`);
}

function firstFree(taken: readonly number[]): number {
  const ids = new Set(taken);
  let id = 0;
  while (ids.has(id)) id++;
  return id;
}
