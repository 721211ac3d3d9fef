import type { ClaimBook, ClusterNode } from './claim.ts';
import type { Waiting } from './claim-id.ts';

/** How far ids go, and the names by which people know what errors speak of. */
export interface PlaceRules {
  /** Racks 0 to racks − 1. */
  readonly racks: number;
  /** Servers 0 to serversPerRack − 1. */
  readonly serversPerRack: number;
  /** Of the Leases. */
  readonly namespace: string;
  /** Label of a node that says its rack. */
  readonly rackLabel: string;
}

/** A node that is to be given a place. */
export interface PlaceSearch {
  readonly book: ClaimBook;
  readonly node: ClusterNode;
  readonly rules: PlaceRules;
  readonly waiting: Waiting;
}
