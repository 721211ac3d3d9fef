import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClockRecovery } from '../../../src/core/clock-recovery.ts';
import { seededRandom } from '../../support/random.ts';

/** Feeds blocks every 3 s; returns the clock and the lateness the line leaves to each block. */
function follow(delayAt: (seconds: number) => number, seconds: number) {
  const clock = new ClockRecovery();
  const lateness: number[] = [];
  clock.start(0, delayAt(0));
  for (let t = 3; t <= seconds; t += 3) {
    lateness.push(delayAt(t) - clock.expectedDelaySeconds(t));
    clock.addBlock(t, delayAt(t));
  }
  return { clock, lateness };
}

describe('clock recovery', () => {
  test('knows nothing before the first block, and no skew before half a minute', () => {
    assert.equal(new ClockRecovery().isLearned, false);
    assert.equal(follow(() => 0.01, 27).clock.skew, null);
    assert.equal(follow(() => 0.01, 30).clock.skew, 0);
  });

  test('finds offset and skew of any size that quartz has', () => {
    for (const skew of [-500e-6, -20e-6, 0, 20e-6, 500e-6]) {
      const { clock } = follow((t) => -12.5 + skew * t, 120);
      assert.ok(Math.abs((clock.skew ?? 1) - skew) < 1e-9);
      assert.ok(Math.abs(clock.expectedDelaySeconds(150) - (-12.5 + skew * 150)) < 1e-6);
    }
  });

  test('a step of delay stays visible for ten minutes, up and down, and is not taken for skew', () => {
    for (const step of [0.2, 0.005, -0.05]) {
      const random = seededRandom(9);
      const noise = () => 20e-6 * random.normal();
      const { lateness, clock } = follow((t) => 0.004 + 30e-6 * t + (t > 60 ? step : 0) + noise(), 660);
      for (const late of lateness.slice(25))
        assert.ok(Math.abs(late - step) < 0.001, `${late} after a step of ${step}`);
      assert.ok(Math.abs((clock.skew ?? 1) - 30e-6) < 3e-6);
    }
  });

  test('a delay that grows faster than any clock drifts is not taken for skew, and leaves nothing behind', () => {
    for (const beginSeconds of [40, 90, 600]) {
      const growing = (t: number) => (t > beginSeconds && t <= beginSeconds + 40 ? 0.0075 * (t - beginSeconds) : 0);
      const random = seededRandom(9);
      const { lateness, clock } = follow((t) => 0.004 + growing(t) + 20e-6 * random.normal(), beginSeconds + 200);
      for (const late of lateness.slice(-40)) assert.ok(Math.abs(late) < 0.001, `${late} after ${beginSeconds} s`);
      assert.ok(Math.abs(clock.skew ?? 1) < 3e-6);
    }
  });

  test('a slow drift of the path is followed', () => {
    const { lateness } = follow((t) => 0.004 + 0.0005 * Math.sin((2 * Math.PI * t) / 7200), 3600);
    assert.ok(Math.max(...lateness.map(Math.abs)) < 0.001);
  });
});
