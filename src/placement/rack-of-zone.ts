import { UserError } from '../io/user-error.ts';
import type { RackClaim } from './claim.ts';
import { claimId, type Look } from './claim-id.ts';
import { deleteCommand, rackLeaseName } from './lease-names.ts';
import type { PlaceSearch } from './place-search.ts';

/** Zones of one error. */
const MAX_ZONES = 10;

/**
 * The rack of a node's zone: the one it has, or the first that is free, which is then its own. A rack in which nodes
 * stand by their label is not free, as far as their claims were there first.
 * @throws UserError when the node has no zone, or its zone has no rack and none is free, or one without a controller;
 *   whatever the book throws
 */
export async function rackOfZone(search: PlaceSearch): Promise<number> {
  const { book, node, rules, waiting } = search;
  const { zone } = node;
  if (zone === null) {
    throw new UserError(
      `node ${node.name} says neither its rack nor its zone: kubectl label node ${node.name} ${rules.rackLabel}=0 ` +
        '(or the label that --rack-label or --zone-label names)',
    );
  }
  const rackId = await claimId({
    ids: rules.racks,
    look: () => lookFor(zone, search),
    // Always the first: nodes of one zone that start at once then want the same rack, and the zone never has two.
    choose: ([first]) => first,
    claim: (free) => book.claimRack(free, zone),
    leaseName: rackLeaseName,
    namespace: rules.namespace,
    nodeName: node.name,
    waiting,
  });
  if (rackId >= rules.racks) throw new UserError(rackWithoutControllerText(zone, rackId, search));
  return rackId;
}

async function lookFor(zone: string, search: PlaceSearch): Promise<Look> {
  const { book, rules } = search;
  const claims = await book.racks();
  const own = claims.find((claim) => claim.zone === zone)?.rackId ?? null;
  const labelled = own === null ? await book.labelledRacks() : [];
  return {
    own,
    taken: [...claims.map(({ rackId }) => rackId), ...labelled],
    fullText: () => {
      const claimed = claims.filter(({ rackId }) => rackId < rules.racks);
      const others = labelled.filter((id) => id < rules.racks && claimed.every(({ rackId }) => rackId !== id));
      return noRackText(zone, search, { claimed, labelled: others });
    },
  };
}

/** A zone keeps its rack, also one that has no controller any more. */
function rackWithoutControllerText(zone: string, rackId: number, { node, rules }: PlaceSearch): string {
  const lease = rackLeaseName(rackId);
  return (
    `zone ${zone} of node ${node.name} has rack ${rackId}, by the Lease ${lease}, but only racks 0 to ${rules.racks - 1} have a controller: ` +
    `raise --racks and the number of rack controllers, or give that rack back, so that the zone is given another: ${deleteCommand(rules.namespace, [lease])}`
  );
}

function noRackText(
  zone: string,
  { node, rules }: PlaceSearch,
  { claimed, labelled }: { claimed: readonly RackClaim[]; labelled: readonly number[] },
): string {
  const { racks, rackLabel, namespace } = rules;
  const zones = claimed.slice(0, MAX_ZONES).map((claim) => `${claim.zone} (Lease ${rackLeaseName(claim.rackId)})`);
  const parts = [
    ...(zones.length === 0 ? [] : [`${claimed.length} belong to the zones ${zones.join(', ')}`]),
    ...(labelled.length === 0 ? [] : [`in rack ${labelled.join(', ')} nodes stand by their label ${rackLabel}`]),
  ];
  const last = claimed.at(-1);
  const gone =
    last === undefined
      ? ''
      : `. A zone that is no more keeps its rack until somebody gives it back, for zone ${last.zone}: ${deleteCommand(namespace, [rackLeaseName(last.rackId)])}`;
  const taken = parts.length === 0 ? 'none could be claimed' : parts.join('; ');
  return `zone ${zone} of node ${node.name} has no rack: of the ${racks} there are, ${taken}. Raise --racks and the number of rack controllers, or label all nodes with ${rackLabel}${gone}`;
}
