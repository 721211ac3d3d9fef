import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PulseDetector } from '../../../../src/core/detect/pulse-detector.ts';

const SAMPLE_RATE_HZ = 20;

/** A minute of pulses of six samples, one every 5 s, from this slot on. */
function pulses(detector: PulseDetector, from: number): void {
  for (let i = 0; i < 60 * SAMPLE_RATE_HZ; i++) {
    detector.add(i % 100 < 6 ? 0.02 : 0, 1e-4, from + i, (from + i) / SAMPLE_RATE_HZ);
  }
}

test('a stream that begins anew in the midst of pulses has nothing of those before in its figures', () => {
  const detector = new PulseDetector(SAMPLE_RATE_HZ);
  pulses(detector, 0);
  detector.restart();
  pulses(detector, 5000);
  assert.equal(detector.period.alarm.isOpen, true);
  assert.deepEqual([detector.lengthSlots, detector.heightSeconds], [6, 0.02]);
});
