import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RackHealth, Verdict } from '../../src/core/verdict.ts';
import { History } from '../../src/datacenter/history.ts';
import { aggregateOf, give, reportOf, START_SECONDS, serversOf } from '../support/datacenter-reports.ts';
import { LOSSY, WARMING, verdictOf } from '../support/health-trees.ts';

const RACK_BYTES = 12;
const SERVER_BYTES = 21;

function rackOf(rackId: number, servers: readonly Verdict[], score: number | null = 0.5): RackHealth {
  return { rack_id: rackId, health_score: score, status: 'degraded', last_report: 1, faults: [], servers };
}

describe('history', () => {
  test('has a value for each report, oldest first, null where nothing was known', () => {
    const history = new History();
    history.take(rackOf(2, [verdictOf(2, 5, WARMING)], null), 100);
    history.take(rackOf(2, [verdictOf(2, 5, LOSSY)], 0.25), 101);
    assert.deepEqual(history.rack(2), { timestamps: [100, 101], health_score: [null, 0.25] });
    const { delay_seconds: delay, jitter_seconds: jitter } = verdictOf(2, 5);
    assert.deepEqual(history.server(2, 5), {
      timestamps: [100, 101],
      status: ['warming', 'critical'],
      spectral_error: [null, 0.203],
      snr_db: [null, 5.93],
      loss_ratio: [null, 0.199],
      delay_seconds: [null, delay],
      jitter_seconds: [null, Number(jitter?.toPrecision(6))],
    });
  });

  test('keeps the last 900', () => {
    const history = new History();
    for (let second = 0; second < 1000; second++) history.take(rackOf(0, serversOf(0, 1)), second);
    for (const { timestamps } of [history.rack(0), history.server(0, 0)]) {
      assert.equal(timestamps.length, 900);
      assert.deepEqual([timestamps.at(0), timestamps.at(-1)], [100, 999]);
    }
  });

  test('has nothing of a server for the time in which it was in no report, and gives it up after that', () => {
    const history = new History({ entries: 4, maxBytes: 4 * (RACK_BYTES + SERVER_BYTES) });
    history.take(rackOf(0, [verdictOf(0, 1)]), 1);
    history.take(rackOf(0, []), 2);
    history.take(rackOf(0, [verdictOf(0, 1)]), 3);
    assert.deepEqual(history.server(0, 1).timestamps, [1, 3]);
    for (const second of [4, 5, 6]) history.take(rackOf(0, [verdictOf(0, 2)]), second);
    assert.deepEqual(history.server(0, 1).timestamps, [3]);
    assert.equal(history.withoutRoom, 1);
    history.take(rackOf(0, []), 7);
    assert.deepEqual(history.server(0, 1).timestamps, []);
    history.take(rackOf(0, [verdictOf(0, 2)]), 8);
    assert.deepEqual([history.withoutRoom, history.server(0, 2).timestamps], [0, [8]]);
  });

  test('of a rack whose clock was set back has what it says now', () => {
    const history = new History({ entries: 4 });
    for (const second of [10, 11, 12, 13, 14]) history.take(rackOf(0, serversOf(0, 1), second / 100), second);
    history.take(rackOf(0, [], 0.5), 12.5);
    assert.deepEqual(history.rack(0), { timestamps: [11, 12, 12.5], health_score: [0.11, 0.12, 0.5] });
    assert.deepEqual(history.server(0, 0).timestamps, [11, 12]);
    for (const second of [13, 14, 15]) history.take(rackOf(0, serversOf(0, 1)), second);
    assert.deepEqual(history.rack(0).timestamps, [12.5, 13, 14, 15]);
    assert.deepEqual(history.server(0, 0).timestamps, [13, 14, 15]);
  });

  test('takes no more than it may, counts what has no room, and gives room back', () => {
    const history = new History({ entries: 10, maxBytes: 10 * (2 * RACK_BYTES + SERVER_BYTES) });
    history.take(rackOf(0, serversOf(0, 3)), 1);
    assert.equal(history.withoutRoom, 2);
    assert.deepEqual(
      [0, 1, 2].map((id) => history.server(0, id).timestamps.length),
      [1, 0, 0],
    );
    history.take(rackOf(1, serversOf(1, 1)), 1);
    history.take(rackOf(2, serversOf(2, 1)), 1);
    assert.equal(history.withoutRoom, 2 + 1 + 1);
    assert.deepEqual(history.rack(2), { timestamps: [], health_score: [] });
    history.forgetRack(2);
    history.forgetRack(0);
    assert.equal(history.withoutRoom, 1);
    assert.deepEqual(history.rack(0).timestamps, []);
    history.take(rackOf(3, serversOf(3, 1)), 2);
    assert.deepEqual([history.rack(3).timestamps, history.server(3, 0).timestamps], [[2], [2]]);
  });

  test('100 racks of 40 servers have room for all', () => {
    const history = new History();
    for (let rackId = 0; rackId < 100; rackId++) history.take(rackOf(rackId, serversOf(rackId, 40)), 1);
    assert.equal(history.withoutRoom, 0);
  });
});

test('every report that a datacenter takes is in the history; what it forgets is in it no more', () => {
  const aggregate = aggregateOf({ numRacks: 0, forgetAfterSeconds: 10 });
  for (const [index, sequence] of [1, 2, 2, 3].entries()) {
    give(aggregate, reportOf(4, { sequence, timestamp: START_SECONDS + index }), { afterSeconds: index });
  }
  // The third was a duplicate.
  assert.deepEqual(
    aggregate.history.rack(4).timestamps.map((at) => at - START_SECONDS),
    [0, 1, 3],
  );
  for (let after = 3; after < 15; after += 0.25) aggregate.check(START_SECONDS + after);
  assert.deepEqual(aggregate.history.rack(4).timestamps, []);
});
