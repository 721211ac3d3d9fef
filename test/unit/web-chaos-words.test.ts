import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeAt, countdownWords, endWords, injectorWords, replacedBy } from '../../src/web/chaos/injection-words.ts';
import { isOver } from '../../src/web/chaos/told.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';

const NOW = 1_800_000_000;
const NOTICE: ChaosNotice = {
  id: '0123456789ab',
  target: 'lab',
  scope: 'rack 2 servers 4-5',
  kinds: ['loss'],
  description: 'loss 20 %',
  servers: [{ rack_id: 2, server_ids: [4, 5] }],
  began_at: NOW - 18,
  until: NOW + 42,
};

test('a countdown ends at nothing', () => {
  assert.deepEqual([41.2, 725, 3600, 0, -3].map(countdownWords), ['0:42', '12:05', '1:00:00', '0:00', '0:00']);
});

test('an end is said as what is left and as a time of day', () => {
  assert.match(endWords(NOTICE, NOW), /^0:42 left, until \d\d:\d\d:\d\d$/);
  assert.equal(endWords({ until: null }, NOW), 'until it is undone');
});

test('what is over is no longer shown, with a second of grace for clocks that differ', () => {
  assert.deepEqual(activeAt([NOTICE], NOW + 42.5), [NOTICE]);
  assert.deepEqual(activeAt([NOTICE], NOW + 43.5), []);
  assert.deepEqual(activeAt([{ ...NOTICE, until: null }], NOW + 1e6).length, 1);
});

test('what a request would take the place of', () => {
  const replaced = (rack_ids: number[], server_ids: number[] | null) =>
    replacedBy({ rack_ids, server_ids }, [NOTICE]).length;
  assert.equal(replaced([2], [5]), 1);
  assert.equal(replaced([0, 2], null), 1);
  assert.equal(replaced([2], [3]), 0);
  assert.equal(replaced([1], null), 0);
});

test('whose doing it is, also when nobody knows that target', () => {
  assert.equal(injectorWords(NOTICE), 'the lab’s own agents');
  assert.equal(injectorWords({ target: 'somewhere' }), 'somewhere');
});

test('that something is in force is said until it is over, undone or nobody can be asked', () => {
  const told = { kind: 'done', words: 'In force.', notice: NOTICE } as const;
  assert.equal(isOver(told, [NOTICE], true), false);
  assert.equal(isOver(told, [{ ...NOTICE, id: 'ba9876543210' }], true), true);
  assert.equal(isOver(told, null, true), true);
  assert.equal(isOver(told, [NOTICE], false), true);
  assert.equal(isOver({ kind: 'done', words: 'Undone.', notice: null }, [], true), false);
  assert.equal(isOver({ kind: 'failed', words: 'No.' }, [], true), false);
});
