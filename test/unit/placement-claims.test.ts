import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FakeBook, LIMITS, nodeOf, placeIn } from '../support/fake-claim-book.ts';
import { seededRandom } from '../support/random.ts';

describe('a Lease in the way that is no claim', () => {
  test('of a server is passed over', async () => {
    const book = new FakeBook();
    book.isStrange = (name) => name === 'rack-0-server-0';
    assert.deepEqual(await placeIn(book, nodeOf('n1', { rackId: 0 })), { rackId: 0, serverId: 1 });
  });

  test('of a rack is passed over, and by all nodes of the zone alike', async () => {
    const book = new FakeBook();
    book.isStrange = (name) => name === 'rack-0';
    const places = await Promise.all([placeIn(book, nodeOf('n1')), placeIn(book, nodeOf('n2'))]);
    assert.deepEqual(
      places.map(({ rackId }) => rackId),
      [1, 1],
    );
  });

  test('is named, with what removes it, where nothing else is left', async () => {
    const book = new FakeBook();
    book.isStrange = (name) => /^rack-\d$/.test(name);
    await assert.rejects(placeIn(book, nodeOf('n1')), {
      name: 'UserError',
      message:
        /^zone a of node n1 has no rack.* Leases rack-0, rack-1, rack-2: .* are there, but none of them is a claim.*kubectl --namespace netwatch delete lease rack-0 rack-1 rack-2$/s,
    });
  });

  test('and another, and another: it gives up after few requests, and says which', async () => {
    const book = new FakeBook();
    book.isStrange = () => true;
    await assert.rejects(placeIn(book, nodeOf('n1', { rackId: 0 }), { racks: 1, serversPerRack: 1024 }), {
      name: 'UserError',
      message:
        /^node n1 could claim none of the Leases rack-0-server-\d+, .*get leases --show-labels.*delete lease rack-0/,
    });
    assert.ok(book.asked < 50, `${book.asked} requests`);
  });
});

describe('whoever loses race after race', () => {
  /** In which a claim is always somebody else's already. */
  class LostBook extends FakeBook {
    override async claimServer(place: { rackId: number; serverId: number }): Promise<boolean> {
      await super.claimServer(place, nodeOf(`another ${this.tried}`, { rackId: 0 }));
      return false;
    }
  }

  test('waits longer and longer, not as long as the others do, and gives up', async () => {
    const waitsOf = async (seed: number): Promise<readonly number[]> => {
      const waitsMs: number[] = [];
      const pauseMs = async (ms: number): Promise<void> => void waitsMs.push(ms);
      const random = seededRandom(seed);
      const waiting = { random: () => random.uniform(), pauseMs };
      const book = new LostBook();
      await assert.rejects(placeIn(book, nodeOf('n1', { rackId: 0 }), { racks: 1, serversPerRack: 1024, waiting }), {
        name: 'UserError',
        message:
          /^no place could be claimed for node n1 in 100 tries, the last of them the Lease rack-0-server-\d+: others were faster.*get leases\)/,
      });
      assert.ok(book.asked <= 201, `${book.asked} requests`);
      return waitsMs;
    };
    const [waits, others] = [await waitsOf(1), await waitsOf(2)];
    assert.equal(waits.length, 96, 'the first four tries follow each other at once');
    assert.ok(waits.every((ms, i) => ms >= Math.min(50 * 2 ** i, 2000) / 2 && ms <= 2000));
    assert.notDeepEqual(waits, others);
  });

  test('waits no longer than it is let', async () => {
    const stop = new Error('told to end');
    const waiting = { random: () => 0, pauseMs: () => Promise.reject(stop) };
    const limits = { racks: 1, serversPerRack: 1024, waiting };
    await assert.rejects(placeIn(new LostBook(), nodeOf('n1', { rackId: 0 }), limits), stop);
  });
});

describe('nodes with a label and nodes without', () => {
  test('a zone claims no rack in which nodes stand by their label', async () => {
    const book = new FakeBook();
    await placeIn(book, nodeOf('n1', { rackId: 0 }));
    assert.deepEqual(await placeIn(book, nodeOf('n2', { zone: 'b' })), { rackId: 1, serverId: 0 });
    assert.deepEqual(await placeIn(book, nodeOf('n3', { zone: 'b' })), { rackId: 1, serverId: 1 });
  });

  test('where each rack has such nodes, it says so', async () => {
    const book = new FakeBook();
    await Promise.all([0, 1].map((rackId) => placeIn(book, nodeOf(`n${rackId}`, { rackId }))));
    await placeIn(book, nodeOf('n2', { zone: 'a' }));
    await assert.rejects(placeIn(book, nodeOf('n3', { zone: 'b' }), LIMITS), {
      message:
        /^zone b of node n3 has no rack: of the 3 there are, 1 belong to the zones a \(Lease rack-2\); in rack 0, 1 nodes stand by their label netwatch\.io\/rack\. /,
    });
  });
});
