import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff } from '../../src/io/backoff.ts';

test('waits double up to the longest and start again after a reset', () => {
  const backoff = createBackoff({ initialMs: 250, maxMs: 10_000, random: () => 1 });
  const waits = Array.from({ length: 8 }, () => backoff.nextMs());
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  backoff.reset();
  assert.equal(backoff.nextMs(), 250);
});

test('half of a wait is random', () => {
  const random = [0, 0.5].values();
  const backoff = createBackoff({ initialMs: 100, maxMs: 100, random: () => random.next().value ?? 0 });
  assert.deepEqual([backoff.nextMs(), backoff.nextMs()], [50, 75]);
});
