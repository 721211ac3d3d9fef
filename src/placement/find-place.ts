import { createHash } from 'node:crypto';
import { UserError } from '../io/user-error.ts';
import type { ClusterNode, Place } from './claim.ts';
import { claimId } from './claim-id.ts';
import { placeLeaseName } from './lease-names.ts';
import type { PlaceRules, PlaceSearch } from './place-search.ts';
import { rackOfZone } from './rack-of-zone.ts';

/**
 * The place of a node: the one it has, or one that is free, which is then its own. Its rack is that of its label, else
 * that of its zone. A node that was moved to another rack gives back its former place.
 * @throws UserError when the node says neither rack nor zone, its rack has no controller, nothing is free, or it could
 *   not be claimed; whatever the book throws
 */
export async function findPlace(search: PlaceSearch): Promise<Place> {
  const { book, node } = search;
  const rackId = node.rackId === null ? await rackOfZone(search) : labelledRack(node, node.rackId, search.rules);
  const held = await book.ofNode(node);
  const own = held.find((claim) => claim.rackId === rackId);
  const serverId = own?.serverId ?? (await claimServer(search, rackId));
  for (const former of held) {
    // oxlint-disable-next-line no-await-in-loop -- there is one at most, save after a lost connection
    if (former !== own) await book.release(former);
  }
  return { rackId, serverId };
}

function labelledRack({ name }: ClusterNode, rackId: number, { racks, rackLabel }: PlaceRules): number {
  if (rackId < racks) return rackId;
  throw new UserError(
    `node ${name} says by its label ${rackLabel} that it stands in rack ${rackId}, but only racks 0 to ${racks - 1} have a controller: ` +
      'change its label, or raise --racks and the number of rack controllers',
  );
}

function claimServer({ book, node, rules, waiting }: PlaceSearch, rackId: number): Promise<number> {
  const { serversPerRack: ids, namespace } = rules;
  return claimId({
    ids,
    look: async () => {
      const claims = await book.serversOf(rackId);
      return {
        // Another pod of this node may have claimed it meanwhile.
        own: claims.find(({ nodeUid }) => nodeUid === node.uid)?.serverId ?? null,
        taken: claims.map(({ serverId }) => serverId),
        fullText: () =>
          `rack ${rackId} has no place for node ${node.name}: all ${ids} are taken. ` +
          "Raise --servers-per-rack (and the rack controller's --max-servers), or give its nodes to another rack",
      };
    },
    choose: (free, losses) => free[spread(node, losses) % free.length],
    claim: (serverId) => book.claimServer({ rackId, serverId }, node),
    leaseName: (serverId) => placeLeaseName({ rackId, serverId }),
    namespace,
    nodeName: node.name,
    waiting,
  });
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
