import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellFaults } from '../../../support/faulty-link.ts';

test('a clock that ran off for minutes and is right again: what was half learned of it is unlearned', () => {
  const [brokenSeconds, healedSeconds] = [150, 300];
  const driftOf = (slots: number) => (slots >= 0 && slots < brokenSeconds * 20 ? (800e-6 * slots) / 20 : 0);
  const told = tellFaults({
    seed: 3,
    healthySeconds: 120,
    lossRatio: 0,
    brokenSeconds,
    healedSeconds,
    others: (onset) => ({ drift: (slot) => driftOf(slot - onset) }),
  });
  assert.ok(
    told.faults[brokenSeconds - 1]?.some(({ kind, severity }) => kind === 'clock-drift' && severity === 'critical'),
  );
  const left = told.faults.slice(brokenSeconds + 200).flat();
  assert.deepEqual(
    left.filter(({ severity }) => severity !== 'info'),
    [],
  );
});
