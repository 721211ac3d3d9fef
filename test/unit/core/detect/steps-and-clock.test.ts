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

test('what a stream began with, on a machine that was just starting, is not what is usual for ever', () => {
  const slowSeconds = 45;
  const told = tellFaults({
    seed: 5,
    healthySeconds: 0,
    brokenSeconds: slowSeconds,
    healedSeconds: 400,
    lossRatio: 0,
    network: (slot) => (slot < slowSeconds * SAMPLE_RATE_HZ ? 0.05 : 0),
  });
  const standing = told.faults.flatMap((faults, second) => (faults.length > 0 ? [second] : []));
  assert.deepEqual(kindsOf(told), new Set(['delay-shift']));
  assert.ok((standing[0] ?? 0) < slowSeconds + 10, 'that it became shorter is told');
  assert.ok((standing.at(-1) ?? 0) < slowSeconds + 75, 'and is usual after a minute');
});

test('a delay that becomes shorter on a link that is known for long is told for as long', () => {
  const told = tellFaults({
    seed: 6,
    healthySeconds: 200,
    brokenSeconds: 190,
    healedSeconds: 0,
    lossRatio: 0,
    network: () => -0.005,
  });
  assert.ok(told.faults.slice(5).every((faults) => faults.some(({ kind }) => kind === 'delay-shift')));
});
