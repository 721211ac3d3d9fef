import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Aggregate } from '../../src/datacenter/aggregate.ts';
import { MAX_HEARD_RACKS } from '../../src/datacenter/racks.ts';
import {
  START_SECONDS,
  aggregateOf,
  give,
  minimalReport,
  outcome,
  rackOf,
  reportOf,
  serversOf,
} from '../support/datacenter-reports.ts';

/** All four racks report once a second, from one second to another, but for some that do not. */
function run(aggregate: Aggregate, [from, to]: readonly [number, number], dead: readonly number[] = []): void {
  for (let second = from; second <= to; second++) {
    for (let rackId = 0; rackId < 4; rackId++) {
      if (dead.includes(rackId)) continue;
      const report = reportOf(rackId, { sequence: second + 1, timestamp: START_SECONDS + second });
      assert.equal(outcome(give(aggregate, report, { afterSeconds: second })), 'taken');
    }
    for (const part of [0.25, 0.5, 0.75]) aggregate.check(START_SECONDS + second + part);
  }
}

describe('the tree', () => {
  test('has the shape and the scores of what the racks say', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    const servers = [...serversOf(0, 2), ...serversOf(0, 3, { spectral_error: 0.6, status: 'critical' }).slice(2)];
    give(aggregate, reportOf(0, { servers, timestamp: START_SECONDS - 0.5 }));
    give(aggregate, minimalReport(1, { health_score: 0.4 }));
    assert.deepEqual(aggregate.health(START_SECONDS + 1), {
      dc_id: 'dc-1',
      health_score: (0.8 + 0.4) / 2,
      status: 'degraded',
      timestamp: START_SECONDS + 1,
      racks: [
        { rack_id: 0, health_score: 0.8, status: 'healthy', last_report: START_SECONDS - 0.5, faults: [], servers },
        { rack_id: 1, health_score: 0.4, status: 'critical', last_report: START_SECONDS, faults: [], servers: [] },
      ],
    });
  });

  test('lists racks and servers in the order of their ids, whatever order they come in', () => {
    const aggregate = aggregateOf({ numRacks: 0 });
    for (const rackId of [7, 0, 3]) {
      give(aggregate, reportOf(rackId, { servers: serversOf(rackId, 3).toReversed() }));
    }
    const { racks } = aggregate.health(START_SECONDS);
    assert.deepEqual(
      racks.map((rack) => rack.rack_id),
      [0, 3, 7],
    );
    assert.deepEqual(
      racks[1]?.servers.map((server) => server.server_id),
      [0, 1, 2],
    );
  });

  test('has no server any more that the newest report does not name', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0, { servers: serversOf(0, 3) }));
    give(aggregate, reportOf(0, { servers: serversOf(0, 3).slice(1), sequence: 2 }));
    assert.deepEqual(
      rackOf(aggregate, 0).servers.map((server) => server.server_id),
      [1, 2],
    );
  });
});

describe('a rack whose reports stop', () => {
  test('takes its share of the score, and gives it back when it returns', () => {
    const aggregate = aggregateOf();
    run(aggregate, [0, 9]);
    assert.equal(aggregate.score, 1);
    run(aggregate, [10, 11], [2]);
    assert.equal(aggregate.score, 1, 'within its timeout nothing is said');
    run(aggregate, [12, 13], [2]);
    assert.equal(aggregate.score, 0.75);
    const { health_score: score, status, servers, last_report: last } = rackOf(aggregate, 2);
    assert.deepEqual({ score, status, last }, { score: 0, status: 'silent', last: START_SECONDS + 9 });
    const heard = serversOf(2, 2);
    assert.deepEqual(
      servers.map((server) => [server.server_id, server.last_heard, server.status, server.spectral_error]),
      heard.map((server) => [server.server_id, server.last_heard, 'silent', 1]),
      'nobody hears its servers',
    );
    run(aggregate, [14, 14]);
    assert.equal(aggregate.score, 1);
    assert.equal(rackOf(aggregate, 2).status, 'healthy');
  });

  test('counts as 0 after its return until it can judge again', () => {
    const aggregate = aggregateOf();
    run(aggregate, [0, 9]);
    run(aggregate, [10, 13], [2]);
    assert.equal(aggregate.score, 0.75);
    const returned = { boot_id: 77, interval_seconds: 1 };
    for (const [sequence, afterSeconds] of [13.1, 14.1].entries()) {
      const timestamp = START_SECONDS + afterSeconds;
      give(aggregate, reportOf(2, { ...returned, sequence, health_score: null, timestamp }), { afterSeconds });
      assert.deepEqual([aggregate.score, rackOf(aggregate, 2).status], [0.75, 'warming']);
    }
    const judged = reportOf(2, { ...returned, sequence: 2, timestamp: START_SECONDS + 15 });
    assert.equal(outcome(give(aggregate, judged, { afterSeconds: 15 })), 'taken');
    assert.equal(aggregate.score, 1);
  });

  test('is silent after three of its own intervals when they are longer than the timeout, and 15 s unsaid', () => {
    const aggregate = aggregateOf({ numRacks: 3 });
    give(aggregate, reportOf(0, { interval_seconds: 10 }));
    give(aggregate, minimalReport(1));
    give(aggregate, reportOf(2, { interval_seconds: 0.1 }));
    const silentAt = [NaN, NaN, NaN];
    for (let after = 0; after <= 40; after += 0.25) {
      aggregate.check(START_SECONDS + after);
      for (const { rack_id: rackId, status } of aggregate.health(0).racks) {
        if (status === 'silent' && Number.isNaN(silentAt[rackId])) silentAt[rackId] = after;
      }
    }
    assert.deepEqual(silentAt, [30.25, 15.25, 3.25]);
  });

  test('cannot claim an interval that hides it for ever', () => {
    const aggregate = aggregateOf({ forgetAfterSeconds: 5, numRacks: 1 });
    give(aggregate, reportOf(0, { interval_seconds: 1e300 }));
    for (let after = 0; after <= 5.5; after += 0.25) aggregate.check(START_SECONDS + after);
    assert.equal(rackOf(aggregate, 0).status, 'silent');
  });

  test('is not blamed when the datacenter itself stood still', () => {
    const aggregate = aggregateOf();
    run(aggregate, [0, 2]);
    aggregate.check(START_SECONDS + 60);
    assert.equal(aggregate.score, 1);
    for (let after = 60; after <= 64; after += 0.25) aggregate.check(START_SECONDS + after);
    assert.equal(aggregate.score, 0, 'afterwards silence is silence again');
  });
});

describe('which racks are expected', () => {
  test('an expected rack that was never heard is warming for 10 s, then silent', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    const at = (afterSeconds: number) => {
      aggregate.check(START_SECONDS + afterSeconds);
      const { status, health_score: score } = rackOf(aggregate, 1);
      return { status, score };
    };
    for (let after = 0; after < 10; after += 0.5) assert.deepEqual(at(after), { status: 'warming', score: null });
    assert.deepEqual(at(10), { status: 'warming', score: null });
    assert.deepEqual(at(10.25), { status: 'silent', score: 0 });
    assert.equal(aggregate.score, 0);
  });

  test('others are turned away', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    assert.equal(outcome(give(aggregate, reportOf(2))), 'unexpected-rack');
    assert.equal(aggregate.rejected('unexpected-rack'), 1);
    assert.equal(aggregate.health(0).racks.length, 2);
  });

  test('without a number, those that were heard, and at most 1024', () => {
    const aggregate = aggregateOf({ numRacks: 0 });
    assert.deepEqual(aggregate.health(START_SECONDS).racks, []);
    assert.equal(aggregate.score, null);
    for (let rackId = 0; rackId < MAX_HEARD_RACKS; rackId++) give(aggregate, minimalReport(rackId * 2));
    assert.equal(outcome(give(aggregate, minimalReport(1))), 'too-many-racks');
    assert.equal(outcome(give(aggregate, minimalReport(2))), 'taken', 'those inside go on');
    assert.equal(aggregate.health(0).racks.length, 1024);
  });

  test('without a number, until they were silent for the time that forgets them', () => {
    const aggregate = aggregateOf({ numRacks: 0, forgetAfterSeconds: 20 });
    give(aggregate, minimalReport(0));
    give(aggregate, minimalReport(1), { afterSeconds: 10 });
    for (let after = 0; after <= 20; after++) aggregate.check(START_SECONDS + after);
    assert.equal(rackOf(aggregate, 0).status, 'silent');
    aggregate.check(START_SECONDS + 20.25);
    assert.deepEqual(
      aggregate.health(0).racks.map((rack) => rack.rack_id),
      [1],
    );
    assert.equal(aggregate.score, 0.9, 'a forgotten rack counts no more');
  });
});
