import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellFaults } from '../../../support/faulty-link.ts';

const SLOTS_A_SECOND = 20;
const PERIOD_SECONDS = 3;
/** Long enough for the period to be known, and too short for the losses to be more than usual beside that. */
const PERIODIC_SECONDS = 21;
/** The period is over by then: three of its losses have stayed away. */
const RANDOM_FROM_SECONDS = 38;

test('losses that begin after others came by the clock began when they did, not with those', () => {
  const told = tellFaults({
    seed: 5,
    healthySeconds: 120,
    lossRatio: 0,
    brokenSeconds: 60,
    healedSeconds: 10,
    network: (slot, random) => {
      const seconds = slot / SLOTS_A_SECOND;
      if (seconds < PERIODIC_SECONDS) return slot % (PERIOD_SECONDS * SLOTS_A_SECOND) === 0 ? null : 0;
      return seconds >= RANDOM_FROM_SECONDS && random.uniform() < 0.05 ? null : 0;
    },
  });
  assert.ok(told.faults[PERIODIC_SECONDS]?.some(({ kind }) => kind === 'periodic-loss'));
  const losses = told.faults.flat().filter(({ kind }) => kind === 'loss');
  assert.ok(losses.length > 0);
  for (const { since } of losses) {
    assert.ok(since - told.onsetSeconds >= RANDOM_FROM_SECONDS, `${since - told.onsetSeconds} s`);
  }
});

test('losses that begin before the period is known to be over are not forgotten with it', () => {
  const periodicSeconds = 271;
  const told = tellFaults({
    seed: 7,
    healthySeconds: 120,
    lossRatio: 0,
    brokenSeconds: 600,
    healedSeconds: 10,
    network: (slot, random) => {
      if (slot < periodicSeconds * SLOTS_A_SECOND) return slot % (30 * SLOTS_A_SECOND) === 0 ? null : 0;
      return random.uniform() < 0.005 ? null : 0;
    },
  });
  assert.ok(told.faults[periodicSeconds]?.some(({ kind }) => kind === 'periodic-loss'));
  assert.ok(told.faults.flat().some(({ kind }) => kind === 'loss'));
});
