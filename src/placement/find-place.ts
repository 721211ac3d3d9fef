import { createHash } from 'node:crypto';
import { UserError } from '../io/user-error.ts';
import type { ClaimBook, ClusterNode, Place } from './claim.ts';

/** How far ids go. */
export interface PlaceLimits {
  /** Racks 0 to racks − 1. */
  readonly racks: number;
  /** Servers 0 to serversPerRack − 1. */
  readonly serversPerRack: number;
}

/** Each try is lost to somebody who then has a place. */
const MAX_TRIES = 1000;

/**
 * The place of a node: the one it has, or one that is free, which is then its own. Its rack is that of its label, else
 * that of its zone. A node that was moved to another rack gives back its former place.
 * @throws UserError when the node says neither rack nor zone, its rack has no controller, or nothing is free; whatever
 *   the book throws
 */
export async function findPlace(book: ClaimBook, node: ClusterNode, limits: PlaceLimits): Promise<Place> {
  const rackId = node.rackId === null ? await rackOfZone(book, node, limits) : labelledRack(node, node.rackId, limits);
  const held = await book.ofNode(node);
  const own = held.find((claim) => claim.rackId === rackId);
  const serverId = own?.serverId ?? (await claimServer(book, node, { rackId, servers: limits.serversPerRack }));
  for (const former of held) {
    // oxlint-disable-next-line no-await-in-loop -- there is one at most, save after a lost connection
    if (former !== own) await book.release(former);
  }
  return { rackId, serverId };
}

function labelledRack(node: ClusterNode, rackId: number, { racks }: PlaceLimits): number {
  if (rackId < racks) return rackId;
  throw new UserError(
    `node ${node.name} says that it stands in rack ${rackId}, but only racks 0 to ${racks - 1} have a controller: ` +
      'change its label, or raise --racks and the number of rack controllers',
  );
}

async function rackOfZone(book: ClaimBook, node: ClusterNode, { racks }: PlaceLimits): Promise<number> {
  const { zone } = node;
  if (zone === null) {
    throw new UserError(
      `node ${node.name} says neither its rack nor its zone: kubectl label node ${node.name} netwatch.io/rack=0 ` +
        '(or the label that --rack-label or --zone-label names)',
    );
  }
  /* oxlint-disable no-await-in-loop -- each look is at what the last try left */
  for (let losses = 0; losses < MAX_TRIES; losses++) {
    const claims = await book.racks();
    const own = claims.find((claim) => claim.zone === zone);
    if (own !== undefined) return claimedRack(node, own.rackId, racks);
    // Always the first: nodes of one zone that start at once then want the same rack, and the zone never has two.
    const [first] = freeIds(
      racks,
      claims.map(({ rackId }) => rackId),
    );
    if (first === undefined) {
      throw new UserError(
        `zone ${zone} of node ${node.name} has no rack: the ${racks} racks there are belong to the zones ` +
          `${claims.map((claim) => claim.zone).join(', ')}. Raise --racks and the number of rack controllers, or label the nodes with netwatch.io/rack`,
      );
    }
    if (await book.claimRack(first, zone)) return first;
  }
  /* oxlint-enable no-await-in-loop */
  throw lostEachTime(node);
}

/** A zone keeps its rack, also one that has no controller any more. */
function claimedRack({ name, zone }: ClusterNode, rackId: number, racks: number): number {
  if (rackId < racks) return rackId;
  throw new UserError(
    `zone ${zone} of node ${name} has rack ${rackId}, but only racks 0 to ${racks - 1} have a controller: ` +
      `raise --racks and the number of rack controllers, or delete the Lease rack-${rackId}, so that the zone is given another`,
  );
}

async function claimServer(
  book: ClaimBook,
  node: ClusterNode,
  { rackId, servers }: { rackId: number; servers: number },
): Promise<number> {
  /* oxlint-disable no-await-in-loop -- each look is at what the last try left */
  for (let losses = 0; losses < MAX_TRIES; losses++) {
    const claims = await book.serversOf(rackId);
    // Another pod of this node may have claimed it meanwhile.
    const own = claims.find(({ nodeUid }) => nodeUid === node.uid);
    if (own !== undefined) return own.serverId;
    const free = freeIds(
      servers,
      claims.map(({ serverId }) => serverId),
    );
    const serverId = free[spread(node, losses) % free.length];
    if (serverId === undefined) {
      throw new UserError(
        `rack ${rackId} has no place for node ${node.name}: all ${servers} are taken. ` +
          "Raise --servers-per-rack (and the rack controller's --max-servers), or give its nodes to another rack",
      );
    }
    if (await book.claimServer({ rackId, serverId }, node)) return serverId;
  }
  /* oxlint-enable no-await-in-loop */
  throw lostEachTime(node);
}

/**
 * Which of the free ids a node tries: the first one, and after each lost try one of one more. If all nodes of a new
 * cluster wanted the first each time, one of them would get it, and n nodes would ask n²/2 times. Made from the node's
 * uid, so that two pods of one node want the same.
 * @returns 0 to losses
 */
function spread({ uid }: ClusterNode, losses: number): number {
  return createHash('sha256').update(`${uid} ${losses}`).digest().readUInt32BE(0) % (losses + 1);
}

function freeIds(ids: number, taken: readonly number[]): readonly number[] {
  const known = new Set(taken);
  return Array.from({ length: ids }, (_, id) => id).filter((id) => !known.has(id));
}

function lostEachTime({ name }: ClusterNode): UserError {
  return new UserError(
    `no place could be claimed for node ${name} in ${MAX_TRIES} tries: others were faster each time. Try again`,
  );
}
