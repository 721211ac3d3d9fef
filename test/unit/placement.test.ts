import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClaimBook, ClusterNode, Place, RackClaim, ServerClaim } from '../../src/placement/claim.ts';
import { findPlace } from '../../src/placement/find-place.ts';

const LIMITS = { racks: 3, serversPerRack: 4 };

/** Claims in memory, each made at once or not at all; whoever reads has what was there a moment ago. */
class FakeBook implements ClaimBook {
  rackClaims: readonly RackClaim[] = [];
  serverClaims: readonly ServerClaim[] = [];
  /** Claims of servers that were tried, the refused ones too. */
  tried = 0;

  async racks() {
    return later(this.rackClaims);
  }

  async serversOf(rackId: number) {
    return later(this.serverClaims.filter((claim) => claim.rackId === rackId));
  }

  async ofNode({ uid }: ClusterNode) {
    return later(this.serverClaims.filter(({ nodeUid }) => nodeUid === uid));
  }

  async claimRack(rackId: number, zone: string) {
    if (this.rackClaims.some((claim) => claim.rackId === rackId)) return later(false);
    this.rackClaims = [...this.rackClaims, { rackId, zone }];
    return later(true);
  }

  async claimServer(place: Place, { uid }: ClusterNode) {
    this.tried++;
    if (this.serverClaims.some((claim) => isAt(claim, place))) return later(false);
    this.serverClaims = [...this.serverClaims, { ...place, nodeUid: uid, claimUid: `claim ${this.tried}` }];
    return later(true);
  }

  async release({ claimUid }: ServerClaim) {
    this.serverClaims = this.serverClaims.filter((claim) => claim.claimUid !== claimUid);
    return later(undefined);
  }
}

async function later<T>(value: T): Promise<T> {
  await Promise.resolve();
  return value;
}

function isAt(claim: Place, { rackId, serverId }: Place): boolean {
  return claim.rackId === rackId && claim.serverId === serverId;
}

function nodeOf(name: string, of: Partial<ClusterNode> = {}): ClusterNode {
  return { name, uid: `uid-of-${name}`, rackId: null, zone: 'a', ...of };
}

describe('the place of a node', () => {
  test('is the first that is free in the rack of its label, and the same each time', async () => {
    const book = new FakeBook();
    const [first, second] = [nodeOf('n1', { rackId: 2 }), nodeOf('n2', { rackId: 2 })];
    assert.deepEqual(await findPlace(book, first, LIMITS), { rackId: 2, serverId: 0 });
    assert.deepEqual(await findPlace(book, second, LIMITS), { rackId: 2, serverId: 1 });
    assert.deepEqual(await findPlace(book, first, LIMITS), { rackId: 2, serverId: 0 });
    assert.equal(book.rackClaims.length, 0, 'a label needs no claim');
  });

  test('is in the rack of its zone where it has no label, and each zone has a rack of its own', async () => {
    const book = new FakeBook();
    const places = [];
    for (const zone of ['b', 'a', 'b']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      places.push(await findPlace(book, nodeOf(`n${places.length}`, { zone }), LIMITS));
    }
    assert.deepEqual(places, [
      { rackId: 0, serverId: 0 },
      { rackId: 1, serverId: 0 },
      { rackId: 0, serverId: 1 },
    ]);
  });

  test('is never that of another, however many ask at once', async () => {
    const book = new FakeBook();
    const limits = { racks: 3, serversPerRack: 30 };
    const nodes = Array.from({ length: 90 }, (_, i) => nodeOf(`n${i}`, { zone: `zone-${i % 3}` }));
    const places = await Promise.all(nodes.map((node) => findPlace(book, node, limits)));
    const names = places.map(({ rackId, serverId }) => `${rackId}/${serverId}`);
    assert.equal(new Set(names).size, 90);
    assert.deepEqual(new Set(places.map(({ serverId }) => serverId)), new Set(Array.from({ length: 30 }, (_, i) => i)));
    assert.equal(new Set(nodes.map(({ zone }, i) => `${zone} in ${places[i]?.rackId}`)).size, 3, 'a zone has one rack');
  });

  test('is found after a few tries each, though a whole rack asks at once', async () => {
    const book = new FakeBook();
    const nodes = Array.from({ length: 200 }, (_, i) => nodeOf(`n${i}`, { rackId: 0 }));
    const places = await Promise.all(nodes.map((node) => findPlace(book, node, { racks: 1, serversPerRack: 1024 })));
    assert.equal(new Set(places.map(({ serverId }) => serverId)).size, 200);
    // If all wanted the same each time, one of them would get it: 200 + 199 + … + 1 tries.
    assert.ok(book.tried < 20 * 200, `${book.tried} tries`);
  });

  test('is one only, though two pods of a node ask at once', async () => {
    const book = new FakeBook();
    const node = nodeOf('n1', { rackId: 0 });
    const places = await Promise.all([findPlace(book, node, LIMITS), findPlace(book, node, LIMITS)]);
    assert.deepEqual(places[0], places[1]);
    assert.equal(book.serverClaims.length, 1);
  });

  test('is free again once its node is gone; a node of the same name is another one', async () => {
    const book = new FakeBook();
    await findPlace(book, nodeOf('n1', { rackId: 0 }), LIMITS);
    const again = nodeOf('n1', { rackId: 0, uid: 'another' });
    assert.deepEqual(await findPlace(book, again, LIMITS), { rackId: 0, serverId: 1 });
    const [ofFirst] = book.serverClaims;
    assert.ok(ofFirst);
    await book.release(ofFirst);
    assert.deepEqual(await findPlace(book, nodeOf('n3', { rackId: 0 }), LIMITS), { rackId: 0, serverId: 0 });
  });

  test('moves with its label, and the former one is given back', async () => {
    const book = new FakeBook();
    await findPlace(book, nodeOf('n1', { rackId: 0 }), LIMITS);
    assert.deepEqual(await findPlace(book, nodeOf('n1', { rackId: 1 }), LIMITS), { rackId: 1, serverId: 0 });
    assert.deepEqual(
      book.serverClaims.map(({ rackId, serverId, nodeUid }) => [rackId, serverId, nodeUid]),
      [[1, 0, 'uid-of-n1']],
    );
  });
});

describe('no place', () => {
  const refused = (node: ClusterNode, message: RegExp, book = new FakeBook()) =>
    assert.rejects(findPlace(book, node, LIMITS), { name: 'UserError', message });

  test('for a node that says neither rack nor zone', async () => {
    await refused(nodeOf('n1', { zone: null }), /^node n1 says neither .*kubectl label node n1 netwatch\.io\/rack=0/);
  });

  test('in a rack that has no controller', async () => {
    await refused(nodeOf('n1', { rackId: 3 }), /^node n1 says that it stands in rack 3, but only racks 0 to 2 have/);
  });

  test('in the rack of its zone, where that has no controller any more', async () => {
    const book = new FakeBook();
    book.rackClaims = [{ rackId: 5, zone: 'a' }];
    const message = /^zone a of node n1 has rack 5, but only racks 0 to 2 have a controller: .* the Lease rack-5/;
    await refused(nodeOf('n1'), message, book);
  });

  test('for a zone more than there are racks', async () => {
    const book = new FakeBook();
    await Promise.all(['a', 'b', 'c'].map((zone) => findPlace(book, nodeOf(zone, { zone }), LIMITS)));
    await refused(nodeOf('n1', { zone: 'd' }), /^zone d of node n1 has no rack: the 3 racks .* a, b, c\. Raise/, book);
  });

  test('in a rack that is full', async () => {
    const book = new FakeBook();
    for (let i = 0; i < 4; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await findPlace(book, nodeOf(`n${i}`, { rackId: 1 }), LIMITS);
    }
    await refused(nodeOf('n9', { rackId: 1 }), /^rack 1 has no place for node n9: all 4 are taken\. Raise/, book);
  });
});
