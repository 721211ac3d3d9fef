import type { ClaimBook, ClusterNode, Place, RackClaim, ServerClaim } from '../../src/placement/claim.ts';
import { findPlace } from '../../src/placement/find-place.ts';
import { placeLeaseName, rackLeaseName } from '../../src/placement/lease-names.ts';
import type { Waiting } from '../../src/placement/claim-id.ts';

export const LIMITS = { racks: 3, serversPerRack: 4 };

/** Nobody waits. */
const NO_WAITING: Waiting = { random: () => 0.5, pauseMs: () => Promise.resolve() };

interface HeldServer extends ServerClaim {
  /** Its label says its rack. */
  readonly isLabelled: boolean;
}

/** Claims in memory, each made at once or not at all; whoever reads has what was there a moment ago. */
export class FakeBook implements ClaimBook {
  rackClaims: readonly RackClaim[] = [];
  serverClaims: readonly HeldServer[] = [];
  /** Whether there is a Lease of this name which is no claim. */
  isStrange = (_name: string): boolean => false;
  /** Claims of servers that were tried, the refused ones too. */
  tried = 0;
  /** Everything that was asked. */
  asked = 0;

  racks() {
    return this.#later(this.rackClaims);
  }

  labelledRacks() {
    return this.#later(this.serverClaims.filter(({ isLabelled }) => isLabelled).map(({ rackId }) => rackId));
  }

  serversOf(rackId: number) {
    return this.#later(this.serverClaims.filter((claim) => claim.rackId === rackId));
  }

  ofNode({ uid }: ClusterNode) {
    return this.#later(this.serverClaims.filter(({ nodeUid }) => nodeUid === uid));
  }

  claimRack(rackId: number, zone: string) {
    const isTaken = this.isStrange(rackLeaseName(rackId)) || this.rackClaims.some((claim) => claim.rackId === rackId);
    if (isTaken) return this.#later(false);
    this.rackClaims = [...this.rackClaims, { rackId, zone }];
    return this.#later(true);
  }

  claimServer(place: Place, { uid, rackId }: ClusterNode) {
    this.tried++;
    const isTaken = this.isStrange(placeLeaseName(place)) || this.serverClaims.some((claim) => isAt(claim, place));
    if (isTaken) return this.#later(false);
    const claim = { ...place, nodeUid: uid, claimUid: `claim ${this.tried}`, isLabelled: rackId !== null };
    this.serverClaims = [...this.serverClaims, claim];
    return this.#later(true);
  }

  release({ claimUid }: ServerClaim) {
    this.serverClaims = this.serverClaims.filter((claim) => claim.claimUid !== claimUid);
    return this.#later(undefined);
  }

  async #later<T>(value: T): Promise<T> {
    this.asked++;
    await Promise.resolve();
    return value;
  }
}

/** A node, of zone a unless it says otherwise. */
export function nodeOf(name: string, of: Partial<ClusterNode> = {}): ClusterNode {
  return { name, uid: `uid-of-${name}`, rackId: null, zone: 'a', ...of };
}

/** The place of a node by this book. */
export function placeIn(
  book: ClaimBook,
  node: ClusterNode,
  { waiting = NO_WAITING, ...limits }: { racks: number; serversPerRack: number; waiting?: Waiting } = LIMITS,
): Promise<Place> {
  return findPlace({ book, node, rules: { ...limits, namespace: 'netwatch', rackLabel: 'netwatch.io/rack' }, waiting });
}

function isAt(claim: Place, { rackId, serverId }: Place): boolean {
  return claim.rackId === rackId && claim.serverId === serverId;
}
