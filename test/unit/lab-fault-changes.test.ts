import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultChanges } from '../../src/lab/fault-changes.ts';
import { createPlainView } from '../../src/lab/plain-view.ts';
import { timeText } from '../../src/terminal/number-text.ts';
import { FAULTY_TREE, faultOf, LATE_RACK, LATE_WITH_RACK } from '../support/faulty-tree.ts';
import { LOSSY, NOW_SECONDS, OBSERVED, SILENT, treeOf } from '../support/health-trees.ts';

const HEALTHY = treeOf({ racks: 4, servers: 8 });
const LATE = { faults: [faultOf('delay-shift', { shift_seconds: 0.005 }, { severity: 'info' })] };
const one = (change: object, shape = {}) =>
  treeOf({ racks: 1, servers: 8, change: (_, server) => (server < 4 ? change : {}), ...shape });

/** The lines of each of these trees, one a second. */
function linesOf(...trees: readonly ReturnType<typeof treeOf>[]): readonly (readonly string[])[] {
  const changes = new FaultChanges();
  return trees.map((tree, seconds) => changes.update(tree, seconds));
}

test('a fault that begins and one that ends is a line each, of servers and of racks', () => {
  assert.deepEqual(linesOf(HEALTHY, FAULTY_TREE, FAULTY_TREE, HEALTHY), [
    [],
    [
      'rack 0 server 1: fault has begun: clock drift +20 ppm (info)',
      'rack 2: fault has begun: delay +5.0 ms on 4 of 8 servers (info)',
      'rack 2 server 4: fault has begun: every 5.0 s, 20 ms of delay for 300 ms (warning)',
      'rack 3 server 5 (db-17): fault has begun: loss 20 % (critical)',
      'rack 3 server 5 (db-17): fault has begun: every 5.0 s, 20 ms of delay for 300 ms (warning)',
    ],
    [],
    [
      'rack 0 server 1: fault has ended: clock drift +20 ppm, after 5 min',
      'rack 2: fault has ended: delay +5.0 ms on 4 of 8 servers, after 5 min',
      'rack 2 server 4: fault has ended: every 5.0 s, 20 ms of delay for 300 ms, after 5 min',
      'rack 3 server 5 (db-17): fault has ended: loss 20 %, after 12 s',
      'rack 3 server 5 (db-17): fault has ended: every 5.0 s, 20 ms of delay for 300 ms, after 5 min',
    ],
  ]);
});

test('what turns out to be the fault of the rack has not ended on its servers', () => {
  const [servers, rack] = [
    treeOf({ racks: 1, servers: 8, change: (_, server) => (server === 2 ? LATE : {}) }),
    treeOf({
      racks: 1,
      servers: 8,
      change: (_, server) => (server % 2 === 0 ? LATE_WITH_RACK : {}),
      rackFaults: () => [LATE_RACK],
    }),
  ];
  assert.deepEqual(linesOf(servers, rack), [
    ['rack 0 server 2: fault has begun: delay +5.0 ms (info)'],
    ['rack 0: fault has begun: delay +5.0 ms on 4 of 8 servers (info)'],
  ]);
});

test('what silence hides is told neither as ended nor once more', () => {
  const lines = linesOf(
    one(LOSSY),
    one(SILENT),
    one(LOSSY),
    one(LOSSY, { silentRack: 0 }),
    one({}, { silentRack: 0 }),
    one(LOSSY),
  );
  assert.deepEqual(
    lines.map(({ length }) => length),
    [4, 0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    linesOf(one(LOSSY), one(SILENT), one({})).map(({ length }) => length),
    [4, 0, 4],
  );
});

test('how long a fault lasted is told by the clock of its rack, as events tell it', () => {
  const onRackClock = (tree: ReturnType<typeof treeOf>, seconds: number) => ({
    ...tree,
    racks: tree.racks.map((rack) => ({ ...rack, last_report: seconds })),
  });
  const [ill, well] = [one(LOSSY), one({})];
  const since = ill.racks[0]?.servers[0]?.faults[0]?.since ?? assert.fail();
  // This rack's clock is an hour behind the datacenter's, by which the tree is dated.
  const behind = onRackClock(well, since + 7);
  assert.equal(behind.timestamp, well.timestamp);
  const [, ended] = linesOf(onRackClock(ill, since + 6), { ...behind, timestamp: since + 3600 });
  assert.equal(ended?.length, 4);
  assert.ok(
    ended.every((line) => line.endsWith(', after 7.0 s')),
    ended[0],
  );
  // Of a rack that is forgotten the last report that had it is the last that is known.
  const [, forgotten] = linesOf(onRackClock(ill, since + 6), { ...well, racks: [], timestamp: since + 3600 });
  assert.ok(
    forgotten?.every((line) => line.endsWith(', after 6.0 s')),
    forgotten?.[0],
  );
});

test('of a controller that was late, and of silence, nothing is told here', () => {
  const silent = { ...SILENT, faults: [faultOf('silent', { silent_seconds: 4 })] };
  assert.deepEqual(linesOf(one(OBSERVED), one(silent)), [[], []]);
});

test('more than 60 lines a minute are counted', () => {
  const many = treeOf({ racks: 1, servers: 40, change: () => LOSSY });
  const none = treeOf({ racks: 1, servers: 40 });
  const changes = new FaultChanges();
  const counts = [many, none, many].map((tree, seconds) => changes.update(tree, seconds).length);
  assert.deepEqual(counts, [40, 20, 0]);
  assert.deepEqual(changes.update(many, 59), []);
  assert.deepEqual(changes.update(many, 60), ['… and 60 more faults have begun or ended']);
  assert.deepEqual(changes.update(many, 120), []);
  assert.equal(changes.update(none, 121).length, 40);
});

test('without a terminal the lab tells them with the time of day', () => {
  const lines: string[] = [];
  const view = createPlainView({ writeLine: (line) => lines.push(line), nowSeconds: () => NOW_SECONDS });
  for (const tree of [HEALTHY, FAULTY_TREE]) {
    view.update({ tree, injections: [], isLost: false, fetchedSeconds: NOW_SECONDS });
  }
  const told = `${timeText(NOW_SECONDS)} rack 2: fault has begun: delay +5.0 ms on 4 of 8 servers (info)`;
  assert.ok(lines.includes(told), lines.join('\n'));
});
