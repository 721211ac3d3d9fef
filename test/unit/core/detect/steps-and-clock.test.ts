import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_RATE_HZ } from '../../../../bench/detection/simulated-server.ts';
import { tellFaults, type Told } from '../../../support/faulty-link.ts';

const seconds = (slots: number): number => slots / SAMPLE_RATE_HZ;
const kindsOf = ({ faults }: Told): ReadonlySet<string> => new Set(faults.flat().map(({ kind }) => kind));

for (const jitterSeconds of [0, 0.01]) {
  test(`delays that come and go (± ${jitterSeconds} s) leave the clock as it was: once they are over, so are they`, () => {
    const [minute, pause, times] = [60, 50, 3];
    const brokenSeconds = times * (minute + pause);
    const told = tellFaults({
      seed: 7,
      healthySeconds: 90,
      brokenSeconds,
      healedSeconds: 300,
      lossRatio: 0,
      network: (slot, random) =>
        seconds(slot) % (minute + pause) < minute ? Math.max(0, 0.02 + jitterSeconds * random.normal()) : 0,
    });
    assert.ok(kindsOf(told).has('delay-shift'));
    assert.ok(!kindsOf(told).has('clock-drift'));
    assert.deepEqual(told.faults.slice(brokenSeconds).flat(), []);
  });
}

test('a delay that begins before it is known what is usual is no clock, and is over when it is', () => {
  for (const healthySeconds of [25, 33, 45]) {
    const brokenSeconds = 200;
    const told = tellFaults({
      seed: healthySeconds,
      healthySeconds,
      brokenSeconds,
      healedSeconds: 120,
      lossRatio: 0,
      network: () => 0.04,
    });
    assert.ok(!kindsOf(told).has('clock-drift'), `after ${healthySeconds} s`);
    assert.deepEqual(told.faults.slice(brokenSeconds + 5).flat(), [], `after ${healthySeconds} s`);
  }
});
