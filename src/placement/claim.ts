/** A node that wants a place. */
export interface ClusterNode {
  readonly name: string;
  /** Of this node; another one of the same name, made later, has another. */
  readonly uid: string;
  /** What its label says; null when it has none. */
  readonly rackId: number | null;
  /** What its label says; null when it has none. */
  readonly zone: string | null;
}

/** Where a node is heard. */
export interface Place {
  readonly rackId: number;
  readonly serverId: number;
}

/** A rack that is a zone's, for good. */
export interface RackClaim {
  readonly rackId: number;
  readonly zone: string;
}

/** A place that is a node's, for as long as the node is there. */
export interface ServerClaim extends Place {
  readonly nodeUid: string;
  /** Of the claim itself: one that is made later for the same place has another. */
  readonly claimUid: string;
}

/**
 * Where claims are kept, so that no two hold the same and each holder finds its own again. There is nobody who hands
 * them out: whoever makes a claim first has it, and making one is atomic. Each method throws when the book cannot be
 * reached.
 */
export interface ClaimBook {
  /** Every rack that is claimed. */
  racks(): Promise<readonly RackClaim[]>;
  /** Every rack in which a node stands because its label says so. */
  labelledRacks(): Promise<readonly number[]>;
  /** Every place that is claimed in a rack. */
  serversOf(rackId: number): Promise<readonly ServerClaim[]>;
  /** Every place that is claimed by a node, in any rack. */
  ofNode(node: ClusterNode): Promise<readonly ServerClaim[]>;
  /** @returns false when somebody else was faster */
  claimRack(rackId: number, zone: string): Promise<boolean>;
  /** @returns false when somebody else was faster */
  claimServer(place: Place, node: ClusterNode): Promise<boolean>;
  /** Gives back just this claim; what somebody else has claimed since stays. */
  release(claim: ServerClaim): Promise<void>;
}
