import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTone } from '../../../src/core/tone.ts';
import { seededRandom } from '../../support/random.ts';

/** A double as an exact fraction: numerator / 2^exponent. */
function fractionOf(value: number): [numerator: bigint, exponent: bigint] {
  let scaled = value;
  let exponent = 0n;
  for (; !Number.isInteger(scaled); exponent++) scaled *= 2;
  return [BigInt(scaled), exponent];
}

/** frequency × time modulo one cycle, exact to 60 bits. */
function exactCycles(frequencyHz: number, seconds: number): number {
  const [a, ea] = fractionOf(frequencyHz);
  const [b, eb] = fractionOf(seconds);
  const rest = (a * b) % 2n ** (ea + eb);
  return Number((rest * 2n ** 60n) / 2n ** (ea + eb)) / 2 ** 60;
}

test('the tone is in phase and in quadrature as Sample.im and Sample.re have it', () => {
  const tone = createTone(0.25);
  assert.deepEqual(
    [0, 1, 2, 3].map((t) => Math.round(tone.inPhase(t)) + 0),
    [0, 1, 0, -1],
  );
  assert.deepEqual(
    [0, 1, 2, 3].map((t) => Math.round(tone.quadrature(t)) + 0),
    [1, 0, -1, 0],
  );
});

for (const frequencyHz of [0.01, 1, 1.35, 2.2, 4.35, 449.9]) {
  test(`${frequencyHz} Hz is right to a billionth of a radian, today and in 2105`, () => {
    const random = seededRandom(7);
    const tone = createTone(frequencyHz);
    for (let n = 0; n < 2000; n++) {
      const seconds = (n % 2 === 0 ? 1.8e9 : 4.26e9) + 1e7 * random.uniform();
      const phase = 2 * Math.PI * exactCycles(frequencyHz, seconds);
      assert.ok(Math.abs(tone.inPhase(seconds) - Math.sin(phase)) < 1e-9, `in phase at ${seconds}`);
      assert.ok(Math.abs(tone.quadrature(seconds) - Math.cos(phase)) < 1e-9, `in quadrature at ${seconds}`);
    }
  });
}

test('the reference can tell: the plain product of frequency and time is a thousand times worse', () => {
  const random = seededRandom(7);
  let worst = 0;
  for (let n = 0; n < 2000; n++) {
    const seconds = 1.8e9 + 1e7 * random.uniform();
    const exact = Math.sin(2 * Math.PI * exactCycles(4.35, seconds));
    worst = Math.max(worst, Math.abs(Math.sin(2 * Math.PI * ((4.35 * seconds) % 1)) - exact));
  }
  assert.ok(worst > 1e-6, String(worst));
});
