import type { V1Lease } from '@kubernetes/client-node';
import type { ClaimBook, ClusterNode, Place, RackClaim, ServerClaim } from './claim.ts';
import type { LeaseApi } from './lease-api.ts';

const COMPONENT = { 'app.kubernetes.io/name': 'netwatch', 'app.kubernetes.io/component': 'placement' } as const;
const RACK_LABEL = 'netwatch.io/rack';
const NODE_LABEL = 'netwatch.io/node-uid';
const SERVER_LABEL = 'netwatch.io/server';
const KIND_LABEL = 'netwatch.io/claim';

/**
 * Claims as Leases: `rack-2` is held by a zone, `rack-2-server-5` by a node. A Lease that is there cannot be made a
 * second time, which is what makes a claim atomic. That of a node belongs to the node: the cluster removes it when the
 * node is removed, and the id is free again.
 */
export class LeaseClaims implements ClaimBook {
  readonly #api: LeaseApi;

  constructor(api: LeaseApi) {
    this.#api = api;
  }

  async racks(): Promise<readonly RackClaim[]> {
    const leases = await this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'rack' });
    return leases.flatMap((lease) => {
      const [rackId, zone] = [idOf(lease, RACK_LABEL), lease.spec?.holderIdentity];
      return rackId === null || zone === undefined ? [] : [{ rackId, zone }];
    });
  }

  async serversOf(rackId: number): Promise<readonly ServerClaim[]> {
    return serverClaims(await this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'server', [RACK_LABEL]: String(rackId) }));
  }

  async ofNode({ uid }: ClusterNode): Promise<readonly ServerClaim[]> {
    return serverClaims(await this.#api.list({ ...COMPONENT, [KIND_LABEL]: 'server', [NODE_LABEL]: uid }));
  }

  claimRack(rackId: number, zone: string): Promise<boolean> {
    const labels = { ...COMPONENT, [KIND_LABEL]: 'rack', [RACK_LABEL]: String(rackId) };
    return this.#api.create({ metadata: { name: `rack-${rackId}`, labels }, spec: { holderIdentity: zone } });
  }

  claimServer(place: Place, { name, uid }: ClusterNode): Promise<boolean> {
    const labels = {
      ...COMPONENT,
      [KIND_LABEL]: 'server',
      [RACK_LABEL]: String(place.rackId),
      [SERVER_LABEL]: String(place.serverId),
      [NODE_LABEL]: uid,
    };
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
    return this.#api.create({
      metadata: { name: leaseName(place), labels, ownerReferences },
      spec: { holderIdentity: name },
    });
  }

  release(claim: ServerClaim): Promise<void> {
    return this.#api.remove(leaseName(claim), claim.claimUid);
  }
}

function leaseName({ rackId, serverId }: Place): string {
  return `rack-${rackId}-server-${serverId}`;
}

function serverClaims(leases: readonly V1Lease[]): readonly ServerClaim[] {
  return leases.flatMap((lease) => {
    const [rackId, serverId] = [idOf(lease, RACK_LABEL), idOf(lease, SERVER_LABEL)];
    const [nodeUid, claimUid] = [lease.metadata?.labels?.[NODE_LABEL], lease.metadata?.uid];
    const isClaim = rackId !== null && serverId !== null && nodeUid !== undefined && claimUid !== undefined;
    return isClaim ? [{ rackId, serverId, nodeUid, claimUid }] : [];
  });
}

/** Leases are for whoever may write them: what is no number is passed over. */
function idOf({ metadata }: V1Lease, label: string): number | null {
  const text = metadata?.labels?.[label] ?? '';
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}
