/** A node that wants a place. */
export interface ClusterNode {
  readonly name: string;
  /** Of this node; another one of the same name, made later, has another. */
  readonly uid: string;
  /** What its label says; null when it has none. */
  readonly rackId: number | null;
  readonly zone: string | null;
}

/** Where a node is heard. */
export interface Place {
  readonly rackId: number;
  readonly serverId: number;
}

/** What is claimed: a rack by a zone, for good, or a server id by a node, for as long as the node is there. */
export type Claim =
  | { readonly kind: 'rack'; readonly rackId: number; readonly zone: string }
  | { readonly kind: 'server'; readonly rackId: number; readonly serverId: number; readonly nodeUid: string };

/**
 * Where claims are kept, so that no two hold the same and each holder finds its own again. There is nobody who hands
 * them out: whoever makes a claim first has it, and making one is atomic.
 */
export interface ClaimBook {
  racks(): Promise<readonly Extract<Claim, { kind: 'rack' }>[]>;
  serversOf(rackId: number): Promise<readonly Extract<Claim, { kind: 'server' }>[]>;
  ofNode(node: ClusterNode): Promise<readonly Extract<Claim, { kind: 'server' }>[]>;
  /** @returns false when somebody else was faster */
  claimRack(rackId: number, zone: string): Promise<boolean>;
  /** @returns false when somebody else was faster */
  claimServer(place: Place, node: ClusterNode): Promise<boolean>;
  release(place: Place): Promise<void>;
}
