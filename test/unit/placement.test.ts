import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClusterNode } from '../../src/placement/claim.ts';
import { FakeBook, LIMITS, nodeOf, placeIn } from '../support/fake-claim-book.ts';

describe('the place of a node', () => {
  test('is the first that is free in the rack of its label, and the same each time', async () => {
    const book = new FakeBook();
    const [first, second] = [nodeOf('n1', { rackId: 2 }), nodeOf('n2', { rackId: 2 })];
    assert.deepEqual(await placeIn(book, first, LIMITS), { rackId: 2, serverId: 0 });
    assert.deepEqual(await placeIn(book, second, LIMITS), { rackId: 2, serverId: 1 });
    assert.deepEqual(await placeIn(book, first, LIMITS), { rackId: 2, serverId: 0 });
    assert.equal(book.rackClaims.length, 0, 'a label needs no claim');
  });

  test('is in the rack of its zone where it has no label, and each zone has a rack of its own', async () => {
    const book = new FakeBook();
    const places = [];
    for (const zone of ['b', 'a', 'b']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      places.push(await placeIn(book, nodeOf(`n${places.length}`, { zone }), LIMITS));
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
    const places = await Promise.all(nodes.map((node) => placeIn(book, node, limits)));
    const names = places.map(({ rackId, serverId }) => `${rackId}/${serverId}`);
    assert.equal(new Set(names).size, 90);
    assert.deepEqual(new Set(places.map(({ serverId }) => serverId)), new Set(Array.from({ length: 30 }, (_, i) => i)));
    assert.equal(new Set(nodes.map(({ zone }, i) => `${zone} in ${places[i]?.rackId}`)).size, 3, 'a zone has one rack');
  });

  test('is found after a few tries each, though a whole rack asks at once', async () => {
    const book = new FakeBook();
    const nodes = Array.from({ length: 200 }, (_, i) => nodeOf(`n${i}`, { rackId: 0 }));
    const places = await Promise.all(nodes.map((node) => placeIn(book, node, { racks: 1, serversPerRack: 1024 })));
    assert.equal(new Set(places.map(({ serverId }) => serverId)).size, 200);
    // If all wanted the same each time, one of them would get it: 200 + 199 + … + 1 tries.
    assert.ok(book.tried < 20 * 200, `${book.tried} tries`);
  });

  test('is one only, though two pods of a node ask at once', async () => {
    const book = new FakeBook();
    const node = nodeOf('n1', { rackId: 0 });
    const places = await Promise.all([placeIn(book, node, LIMITS), placeIn(book, node, LIMITS)]);
    assert.deepEqual(places[0], places[1]);
    assert.equal(book.serverClaims.length, 1);
  });

  test('is free again once its node is gone; a node of the same name is another one', async () => {
    const book = new FakeBook();
    await placeIn(book, nodeOf('n1', { rackId: 0 }), LIMITS);
    const again = nodeOf('n1', { rackId: 0, uid: 'another' });
    assert.deepEqual(await placeIn(book, again, LIMITS), { rackId: 0, serverId: 1 });
    const [ofFirst] = book.serverClaims;
    assert.ok(ofFirst);
    await book.release(ofFirst);
    assert.deepEqual(await placeIn(book, nodeOf('n3', { rackId: 0 }), LIMITS), { rackId: 0, serverId: 0 });
  });

  test('moves with its label, and the former one is given back', async () => {
    const book = new FakeBook();
    await placeIn(book, nodeOf('n1', { rackId: 0 }), LIMITS);
    assert.deepEqual(await placeIn(book, nodeOf('n1', { rackId: 1 }), LIMITS), { rackId: 1, serverId: 0 });
    assert.deepEqual(
      book.serverClaims.map(({ rackId, serverId, nodeUid }) => [rackId, serverId, nodeUid]),
      [[1, 0, 'uid-of-n1']],
    );
  });
});

describe('no place', () => {
  const refused = (node: ClusterNode, message: RegExp, book = new FakeBook()) =>
    assert.rejects(placeIn(book, node, LIMITS), { name: 'UserError', message });

  test('for a node that says neither rack nor zone', async () => {
    await refused(nodeOf('n1', { zone: null }), /^node n1 says neither .*kubectl label node n1 netwatch\.io\/rack=0/);
  });

  test('in a rack that has no controller', async () => {
    await refused(
      nodeOf('n1', { rackId: 3 }),
      /^node n1 says by its label netwatch\.io\/rack that it stands in rack 3, but only racks 0 to 2 have/,
    );
  });

  test('in the rack of its zone, where that has no controller any more', async () => {
    const book = new FakeBook();
    book.rackClaims = [{ rackId: 5, zone: 'a' }];
    const message =
      /^zone a of node n1 has rack 5, by the Lease rack-5, but only racks 0 to 2 have .*: kubectl --namespace netwatch delete lease rack-5$/;
    await refused(nodeOf('n1'), message, book);
  });

  test('for a zone more than there are racks', async () => {
    const book = new FakeBook();
    await Promise.all(['a', 'b', 'c'].map((zone) => placeIn(book, nodeOf(zone, { zone }), LIMITS)));
    await refused(
      nodeOf('n1', { zone: 'd' }),
      /^zone d of node n1 has no rack: of the 3 there are, 3 belong to the zones a \(Lease rack-0\), b \(Lease rack-1\), c \(Lease rack-2\)\. Raise .* for zone c: kubectl --namespace netwatch delete lease rack-2$/,
      book,
    );
  });

  test('in a rack that is full', async () => {
    const book = new FakeBook();
    for (let i = 0; i < 4; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await placeIn(book, nodeOf(`n${i}`, { rackId: 1 }), LIMITS);
    }
    await refused(nodeOf('n9', { rackId: 1 }), /^rack 1 has no place for node n9: all 4 are taken\. Raise/, book);
  });
});
