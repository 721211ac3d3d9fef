import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultRecord, isFalseAlarm } from '../../bench/false-alarms/fault-record.ts';
import { lagOf } from '../../bench/false-alarms/lag.ts';
import { readOptions } from '../../bench/false-alarms/options.ts';
import type { Fault } from '../../src/core/verdict.ts';
import { NOW_SECONDS, treeOf } from '../support/health-trees.ts';

const OBSERVER: Fault = { kind: 'observer', since: NOW_SECONDS, severity: 'info', confidence: 1, parameters: {} };
const LOSS: Fault = {
  kind: 'loss',
  since: NOW_SECONDS,
  severity: 'info',
  confidence: 0.9,
  parameters: { loss_ratio: 0.01 },
};

/** A tree at this time in which server 0/1 has these faults. */
function treeAt(seconds: number, faults: readonly Fault[]) {
  const change = (rackId: number, serverId: number) => (rackId === 0 && serverId === 1 ? { faults } : {});
  return { ...treeOf({ racks: 2, servers: 2, change }), timestamp: NOW_SECONDS + seconds };
}

test('a fault is one episode from the first look that finds it to the last, at its worst', () => {
  const record = new FaultRecord();
  assert.deepEqual(record.take(treeAt(0, [])), []);
  assert.equal(record.take(treeAt(1, [LOSS])).length, 1);
  assert.deepEqual(record.take(treeAt(2, [{ ...LOSS, severity: 'critical' }, OBSERVER])).length, 1);
  record.take(treeAt(3, []));
  assert.equal(record.take(treeAt(4, [LOSS])).length, 1, 'it is another one');
  const [first, observer, second] = record.episodes;
  assert.deepEqual(
    [first?.kind, first?.rackId, first?.serverId, first?.severity, first?.isObserved],
    ['loss', 0, 1, 'critical', true],
  );
  assert.deepEqual([first?.firstSeen, first?.lastSeen], [NOW_SECONDS + 1, NOW_SECONDS + 2]);
  assert.deepEqual([observer?.kind, second?.firstSeen], ['observer', NOW_SECONDS + 4]);
  assert.equal(record.episodes.filter(isFalseAlarm).length, 2);
});

test('lag is read from histograms of several roles', () => {
  const text = (late: number) =>
    `lag_bucket{le="0.001"} 8\nlag_bucket{le="0.01"} ${10 - late}\nlag_bucket{le="+Inf"} 10\nlag_sum 0.01\nlag_count 10\n`;
  assert.deepEqual(lagOf([text(0), text(0)], 'lag'), { beats: 20, meanSeconds: 0.001, worstSeconds: 0.01 });
  assert.equal(lagOf([text(0), text(1)], 'lag').worstSeconds, Number.POSITIVE_INFINITY);
});

test('options are read, and what is wrong with them is said', () => {
  const options = readOptions(['--minutes', '5', '--racks', '2']);
  assert.ok(options !== 'help' && options.minutes === 5 && options.racks === 2 && options.servers === 8);
  assert.equal(readOptions(['-h']), 'help');
  assert.throws(() => readOptions(['--minutes', 'long']), /--minutes: "long" is not a number from 0\.1 to 10080/);
});
