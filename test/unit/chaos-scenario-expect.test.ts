import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpectationWatch } from '../../src/chaos/scenario/expectation-watch.ts';
import type { PlannedExpectation, Subject } from '../../src/chaos/scenario/plan-scenario.ts';
import { LOSSY, SILENT, treeOf, WARMING } from '../support/health-trees.ts';

const SERVERS: readonly Subject[] = [
  { rackId: 0, serverId: 0 },
  { rackId: 0, serverId: 1 },
];

function watchOf(changes: Partial<PlannedExpectation>): ExpectationWatch {
  const demand = { statuses: ['warning', 'critical'], fault: null, numbers: [] } as const;
  const subjects = changes.subjects ?? SERVERS;
  const base = { of: 'servers', scope: '', atLeast: subjects.length, withinSeconds: 20, holdSeconds: 0 } as const;
  return new ExpectationWatch({ ...base, demand, ...changes, subjects }, 100);
}

const HEALTHY = treeOf({ racks: 1, servers: 2 });
const FIRST_LOSSY = treeOf({ racks: 1, servers: 2, change: (_, server) => (server === 0 ? LOSSY : {}) });
const BOTH_LOSSY = treeOf({ racks: 1, servers: 2, change: () => LOSSY });

test('each server has its own time to be seen, and all of them must be', () => {
  const watch = watchOf({});
  assert.deepEqual(watch.look(HEALTHY, 101), []);
  assert.deepEqual(watch.look(FIRST_LOSSY, 103), [SERVERS[0]]);
  assert.equal(watch.isMet, false);
  // The first one is well again, and that does not matter.
  const second = treeOf({ racks: 1, servers: 2, change: (_, server) => (server === 1 ? LOSSY : {}) });
  assert.deepEqual(watch.look(second, 107), [SERVERS[1]]);
  assert.ok(watch.isMet && watch.isDecided);
  assert.deepEqual(
    watch.records.map(({ seenAfterSeconds, values }) => [seenAfterSeconds, values]),
    [
      [3, { status: 'critical' }],
      [7, { status: 'critical' }],
    ],
  );
});

test('some of them may be enough', () => {
  const watch = watchOf({ atLeast: 1 });
  watch.look(FIRST_LOSSY, 101);
  assert.ok(watch.isMet);
});

test('what comes after its time is not seen; the last values are kept', () => {
  const watch = watchOf({});
  watch.look(FIRST_LOSSY, 120);
  assert.equal(watch.isDecided, false);
  assert.deepEqual(watch.look(BOTH_LOSSY, 120.5), []);
  assert.ok(watch.isDecided && !watch.isMet);
  assert.deepEqual(watch.records[1]?.values, { status: 'healthy' });
  watch.look(BOTH_LOSSY, 121);
  assert.equal(watch.isMet, false);
});

test('what must hold may not have a break; no answer is none, but time passes', () => {
  const watch = watchOf({ holdSeconds: 5, subjects: [{ rackId: 0, serverId: 0 }] });
  watch.look(FIRST_LOSSY, 101);
  watch.look(FIRST_LOSSY, 105);
  watch.look(HEALTHY, 105.5);
  watch.look(FIRST_LOSSY, 106);
  assert.deepEqual(watch.look(FIRST_LOSSY, 110.9), []);
  watch.look(null, 111);
  assert.equal(watch.isMet, false);
  watch.look(FIRST_LOSSY, 112);
  assert.equal(watch.records[0]?.seenAfterSeconds, 12);

  const lost = watchOf({});
  lost.look(null, 121);
  assert.ok(lost.isDecided && !lost.isMet);
  assert.equal(lost.records[0]?.values, null);
});

test('statuses, faults and numbers are demanded at one moment; what is not known fits nothing', () => {
  const spectralError = { name: 'spectral_error', bounds: { min: 0.15, max: 0.25 } } as const;
  const one = [SERVERS[0] as Subject];
  const seen = (demand: Partial<PlannedExpectation['demand']>, change: object): boolean => {
    const watch = watchOf({ subjects: one, demand: { statuses: null, fault: null, numbers: [], ...demand } });
    watch.look(treeOf({ racks: 1, servers: 1, change: () => change }), 101);
    return watch.isMet;
  };
  assert.ok(seen({ numbers: [spectralError] }, LOSSY));
  assert.ok(seen({ numbers: [spectralError], fault: 'loss', statuses: ['critical'] }, LOSSY));
  assert.ok(!seen({ numbers: [spectralError], fault: 'jitter' }, LOSSY));
  assert.ok(!seen({ numbers: [spectralError], statuses: ['healthy'] }, LOSSY));
  assert.ok(!seen({ numbers: [spectralError] }, {}));
  assert.ok(!seen({ numbers: [{ name: 'snr_db', bounds: { min: null, max: 100 } }] }, WARMING));
  assert.ok(seen({ numbers: [{ name: 'loss_ratio', bounds: { min: 1, max: null } }] }, SILENT));
  assert.ok(!seen({ numbers: [{ name: 'loss_ratio', bounds: { min: null, max: 0.99 } }] }, SILENT));
});

test('racks and the datacenter have a status and a score; what is not in the tree is not seen', () => {
  const demand = (max: number) =>
    ({ statuses: null, fault: null, numbers: [{ name: 'health_score', bounds: { min: null, max } }] }) as const;
  const of = (subject: Subject, max: number): ExpectationWatch => {
    const watch = watchOf({ of: 'racks', subjects: [subject], demand: demand(max) });
    watch.look(treeOf({ racks: 2, servers: 2, change: (rack) => (rack === 1 ? LOSSY : {}) }), 101);
    return watch;
  };
  assert.ok(of({ rackId: 1, serverId: null }, 0.8).isMet);
  assert.ok(!of({ rackId: 0, serverId: null }, 0.8).isMet);
  assert.ok(of({ rackId: null, serverId: null }, 0.95).isMet);
  assert.ok(!of({ rackId: null, serverId: null }, 0.85).isMet);
  const missing = of({ rackId: 7, serverId: null }, 1);
  assert.ok(!missing.isMet);
  assert.equal(missing.records[0]?.values, null);
  assert.ok(!of({ rackId: 0, serverId: 9 }, 1).isMet);
});
