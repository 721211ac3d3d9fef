import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  START_SECONDS,
  aggregateOf,
  give,
  minimalReport,
  outcome,
  rackFaultOf,
  rackOf,
  reportOf,
  serversOf,
} from '../support/datacenter-reports.ts';

describe('two starts of one rack', () => {
  const first = { connection: 1 };
  const second = { connection: 2 };

  test('the first keeps the place while its connection is open and it is heard', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0), first);
    const rival = reportOf(0, { boot_id: 7, health_score: 0 });
    assert.equal(outcome(give(aggregate, rival, { ...second, afterSeconds: 2 })), 'conflict');
    assert.equal(rackOf(aggregate, 0).health_score, 1);
    assert.equal(aggregate.rejected('conflict'), 1);
    assert.equal(outcome(give(aggregate, reportOf(0, { sequence: 2 }), { ...first, afterSeconds: 2.5 })), 'taken');
  });

  test('the second has it once the first is overdue, or its connection is closed', () => {
    const aggregate = aggregateOf();
    const rival = reportOf(0, { boot_id: 7 });
    give(aggregate, reportOf(0), first);
    assert.equal(outcome(give(aggregate, rival, { ...second, afterSeconds: 3.1 })), 'taken');
    assert.equal(outcome(give(aggregate, reportOf(0, { sequence: 2 }), { ...first, afterSeconds: 3.2 })), 'conflict');
    aggregate.disconnect(2);
    assert.equal(outcome(give(aggregate, reportOf(0, { sequence: 2 }), { ...first, afterSeconds: 3.3 })), 'taken');
  });

  test('one start on a new connection is no conflict, though its old connection seems open', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0), first);
    assert.equal(outcome(give(aggregate, reportOf(0, { sequence: 2 }), second)), 'taken');
    aggregate.disconnect(1);
    const rival = reportOf(0, { boot_id: 7 });
    assert.equal(outcome(give(aggregate, rival, { connection: 3 })), 'conflict', 'the new connection holds the place');
  });

  test('a new start on the same connection is no conflict, and its numbers begin anew', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0, { sequence: 50 }));
    assert.equal(outcome(give(aggregate, reportOf(0, { boot_id: 7, sequence: 1 }))), 'taken');
    assert.equal(aggregate.racks[0]?.missed, 0);
  });
});

describe('reports that come again, late or not at all', () => {
  test('a report it has is a duplicate and changes nothing', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0, { sequence: 5 }));
    give(aggregate, reportOf(0, { sequence: 6, health_score: 0.9 }));
    for (const sequence of [5, 6]) {
      assert.equal(outcome(give(aggregate, reportOf(0, { sequence, health_score: 0.1 }))), 'duplicate');
    }
    assert.equal(rackOf(aggregate, 0).health_score, 0.9);
    assert.equal(aggregate.racks[0]?.received, 2);
    assert.equal(aggregate.rejected('duplicate'), 2);
  });

  test('a backlog is taken in order, with its own times, and misses nothing', () => {
    const aggregate = aggregateOf({ numRacks: 1 });
    give(aggregate, reportOf(0, { sequence: 1, timestamp: START_SECONDS }));
    for (let after = 0; after <= 15; after += 0.25) aggregate.check(START_SECONDS + after);
    assert.equal(rackOf(aggregate, 0).status, 'silent');
    for (let second = 1; second <= 15; second++) {
      const report = reportOf(0, { sequence: 1 + second, timestamp: START_SECONDS + second });
      assert.equal(outcome(give(aggregate, report, { afterSeconds: 15 })), 'taken');
      assert.equal(rackOf(aggregate, 0).last_report, START_SECONDS + second);
    }
    assert.equal(aggregate.racks[0]?.received, 16);
    assert.equal(aggregate.racks[0]?.missed, 0);
  });

  test('gaps in the numbers are reports that never came', () => {
    const aggregate = aggregateOf();
    for (const sequence of [3, 4, 8, 9]) give(aggregate, reportOf(0, { sequence }));
    assert.equal(aggregate.racks[0]?.missed, 3);
  });

  test('reports without a number are all taken', () => {
    const aggregate = aggregateOf();
    for (let round = 0; round < 3; round++) assert.equal(outcome(give(aggregate, minimalReport(0))), 'taken');
    assert.equal(aggregate.racks[0]?.received, 3);
  });
});

describe('reports in parts', () => {
  const servers = serversOf(0, 3);
  const part = (index: number, changes = {}) =>
    reportOf(0, { part: index, parts: 3, servers: servers.slice(index, index + 1), ...changes });

  test('count when the last one is there', () => {
    const aggregate = aggregateOf();
    give(aggregate, reportOf(0, { servers: serversOf(0, 1), sequence: 0 }));
    assert.equal(outcome(give(aggregate, part(0))), 'part');
    assert.equal(outcome(give(aggregate, part(1))), 'part');
    assert.equal(rackOf(aggregate, 0).servers.length, 1, 'half a report shows nothing');
    assert.equal(outcome(give(aggregate, part(2))), 'taken');
    assert.deepEqual(rackOf(aggregate, 0).servers, servers);
    assert.equal(aggregate.racks[0]?.received, 2);
  });

  test('say of the rack itself what each of them says', () => {
    const aggregate = aggregateOf();
    const faults = [rackFaultOf('loss', [0, 1, 2])];
    for (const index of [0, 1, 2]) give(aggregate, part(index, { faults }));
    assert.deepEqual(rackOf(aggregate, 0).faults, faults);
    for (const index of [0, 1, 2]) give(aggregate, part(index, { sequence: 2 }));
    assert.deepEqual(rackOf(aggregate, 0).faults, [], 'nothing, or no word of it');
    const begun = aggregate.events.newest(10).filter(({ scope }) => scope === 'fault');
    assert.deepEqual(
      begun.map(({ to }) => to),
      ['ended', 'begun'],
    );
  });

  test('are turned away when one before them is missing', () => {
    const aggregate = aggregateOf();
    assert.deepEqual(
      [part(0), part(2), part(1)].map((report) => outcome(give(aggregate, report))),
      ['part', 'bad-report', 'bad-report'],
    );
    assert.equal(rackOf(aggregate, 0).last_report, null);
  });

  test('of two reports are not mixed', () => {
    const aggregate = aggregateOf();
    const outcomes = [part(0), part(1, { sequence: 2 }), part(0), part(1), part(2)];
    assert.deepEqual(
      outcomes.map((report) => outcome(give(aggregate, report))),
      ['part', 'bad-report', 'part', 'part', 'taken'],
    );
  });

  test('begin again on a new connection', () => {
    const aggregate = aggregateOf();
    give(aggregate, part(0));
    aggregate.disconnect(0);
    assert.equal(outcome(give(aggregate, part(1), { connection: 9 })), 'bad-report');
    for (const index of [0, 1]) assert.equal(outcome(give(aggregate, part(index), { connection: 9 })), 'part');
    assert.equal(outcome(give(aggregate, part(2), { connection: 9 })), 'taken');
  });

  test('cannot fill the memory, nor take the room of other racks', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    const partOf = (index: number) => reportOf(0, { part: index, parts: 1000, servers: [] });
    const large = { characters: 2 ** 20 };
    for (let index = 0; index < 64; index++) assert.equal(outcome(give(aggregate, partOf(index), large)), 'part');
    assert.equal(outcome(give(aggregate, reportOf(1), { characters: 60_000 })), 'taken', 'what each rack may hold');
    assert.equal(outcome(give(aggregate, reportOf(1, { sequence: 2 }), large)), 'too-large');
    assert.equal(outcome(give(aggregate, partOf(64), large)), 'too-large');
    assert.equal(outcome(give(aggregate, partOf(65), large)), 'bad-report', 'it is given up as a whole');
    assert.equal(outcome(give(aggregate, reportOf(1, { sequence: 2 }), large)), 'taken', 'and its room is free again');
  });

  test('are given up when their connection closes', () => {
    const aggregate = aggregateOf({ numRacks: 2 });
    const large = { characters: 64 * 2 ** 20 };
    give(aggregate, part(0), large);
    aggregate.disconnect(0);
    assert.equal(outcome(give(aggregate, reportOf(1), large)), 'taken');
  });
});
