import type { V1Lease } from '@kubernetes/client-node';
import type { ClaimBook, ClusterNode, Place, RackClaim, ServerClaim } from './claim.ts';
import type { PlacementApi } from './placement-api.ts';
import { placeLeaseName, rackLeaseName } from './lease-names.ts';

const COMPONENT = { 'app.kubernetes.io/name': 'netwatch', 'app.kubernetes.io/component': 'placement' } as const;
const RACK_LABEL = 'netwatch.io/rack';
const NODE_LABEL = 'netwatch.io/node-uid';
const SERVER_LABEL = 'netwatch.io/server';
const KIND_LABEL = 'netwatch.io/claim';
/** Of a server's claim: `label` or `zone`, which says the rack of its node. */
const RACK_BY_LABEL = 'netwatch.io/rack-by';

/**
 * Claims as Leases: `rack-2` is held by a zone, `rack-2-server-5` by a node. A Lease that is there cannot be made a
 * second time, which is what makes a claim atomic. That of a node belongs to the node: the cluster removes it when the
 * node is removed, and the id is free again.
 */
export class LeaseClaims implements ClaimBook {
  readonly #api: PlacementApi;

  constructor(api: PlacementApi) {
    this.#api = api;
  }

  racks(): Promise<readonly RackClaim[]> {
    return this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'rack' }, (lease) => {
      const [rackId, zone] = [idOf(lease, RACK_LABEL), lease.spec?.holderIdentity];
      return rackId === null || zone === undefined ? null : { rackId, zone };
    });
  }

  async labelledRacks(): Promise<readonly number[]> {
    const labels = { ...COMPONENT, [KIND_LABEL]: 'server', [RACK_BY_LABEL]: 'label' };
    return [...new Set(await this.#api.list(labels, (lease) => idOf(lease, RACK_LABEL)))];
  }

  serversOf(rackId: number): Promise<readonly ServerClaim[]> {
    return this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'server', [RACK_LABEL]: String(rackId) }, serverClaim);
  }

  ofNode({ uid }: ClusterNode): Promise<readonly ServerClaim[]> {
    return this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'server', [NODE_LABEL]: uid }, serverClaim);
  }

  claimRack(rackId: number, zone: string): Promise<boolean> {
    const labels = { ...COMPONENT, [KIND_LABEL]: 'rack', [RACK_LABEL]: String(rackId) };
    return this.#api.create({ metadata: { name: rackLeaseName(rackId), labels }, spec: { holderIdentity: zone } });
  }

  claimServer(place: Place, { name, uid, rackId }: ClusterNode): Promise<boolean> {
    const labels = {
      ...COMPONENT,
      [KIND_LABEL]: 'server',
      [RACK_LABEL]: String(place.rackId),
      [SERVER_LABEL]: String(place.serverId),
      [NODE_LABEL]: uid,
      [RACK_BY_LABEL]: rackId === null ? 'zone' : 'label',
    };
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
    return this.#api.create({
      metadata: { name: placeLeaseName(place), labels, ownerReferences },
      spec: { holderIdentity: name },
    });
  }

  release(claim: ServerClaim): Promise<void> {
    return this.#api.remove(placeLeaseName(claim), claim.claimUid);
  }
}

/** Null when it is none: Leases are for whoever may write them. */
function serverClaim(lease: V1Lease): ServerClaim | null {
  const [rackId, serverId] = [idOf(lease, RACK_LABEL), idOf(lease, SERVER_LABEL)];
  const [nodeUid, claimUid] = [lease.metadata?.labels?.[NODE_LABEL], lease.metadata?.uid];
  const isClaim = rackId !== null && serverId !== null && nodeUid !== undefined && claimUid !== undefined;
  return isClaim ? { rackId, serverId, nodeUid, claimUid } : null;
}

/** Null when the label is no number. */
function idOf({ metadata }: V1Lease, label: string): number | null {
  const text = metadata?.labels?.[label] ?? '';
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}
