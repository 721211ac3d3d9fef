import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DelayDetectors } from '../../../src/core/detect/delay-detectors.ts';

const RATE_HZ = 20;
const LEARNED = 1200;

/** A stream that is normal for a minute, with a tenth of a millisecond of noise, and then late in this way. */
function heard(lateness: (n: number) => number, doubtSeconds: (n: number) => number): DelayDetectors {
  const delay = new DelayDetectors(RATE_HZ, 1);
  for (let n = 0; n < LEARNED + 200; n++) {
    const noise = 1e-4 * Math.sin(n * n);
    delay.stampDoubtSeconds = n < LEARNED ? 0 : doubtSeconds(n);
    delay.add(n < LEARNED ? noise : noise + lateness(n), n, n / RATE_HZ);
  }
  return delay;
}

/** 0 to 4 ms, another for each sample. */
const uneven = (n: number): number => 0.002 + 0.002 * Math.sin(7 * n * n);

test('what the receiver may have added itself is no fault', () => {
  assert.ok(heard(uneven, () => 0).jitter.alarm.isOpen, 'without doubt it is');
  const doubted = heard(uneven, uneven);
  const changes = [doubted.jitter, doubted.shift, doubted.queue].map(({ alarm }) => alarm.changes);
  assert.deepEqual(changes, [0, 0, 0], 'no alarm was ever open');
});

test('a delay that is longer than the doubt is told, and about as large', () => {
  const { shift } = heard(
    (n) => 0.02 + uneven(n),
    (n) => (n % 2 === 0 ? uneven(n) : 0),
  );
  assert.ok(shift.alarm.isOpen);
  assert.ok(Math.abs(shift.shiftSeconds - 0.021) < 0.004, String(shift.shiftSeconds));
});

test('an early sample is as early as it is, whatever the doubt', () => {
  const { shift } = heard(
    () => -0.005,
    () => 0.01,
  );
  assert.ok(shift.alarm.isOpen && shift.shiftSeconds < -0.004);
});
