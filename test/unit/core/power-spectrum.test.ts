import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { periodicHann } from '../../../src/core/hann.ts';
import { createSpectrumPlan } from '../../../src/core/power-spectrum.ts';
import { measureTone } from '../../../src/core/spectral-error.ts';

interface GoldenSpectrum {
  readonly name: string;
  readonly re: readonly number[];
  readonly im: readonly number[];
  readonly power: readonly number[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/spectra.json', import.meta.url), 'utf8'),
) as readonly GoldenSpectrum[];

function transform(re: readonly number[], im: readonly number[]): Float64Array {
  const plan = createSpectrumPlan(re.length);
  re.forEach((value, n) => {
    plan.input[2 * n] = value;
    plan.input[2 * n + 1] = im[n] ?? 0;
  });
  plan.transform();
  return plan.power;
}

/** Power of the reference over power of the difference. */
function agreementDb(actual: Float64Array, expected: readonly number[]): number {
  let reference = 0;
  let difference = 0;
  expected.forEach((value, m) => {
    reference += value ** 2;
    difference += ((actual[m] ?? 0) - value) ** 2;
  });
  return 10 * Math.log10(reference / difference);
}

describe('power spectrum', () => {
  test('there are golden spectra', () => assert.equal(golden.length, 12));

  for (const { name, re, im, power } of golden) {
    test(`agrees with numpy within 250 dB: ${name}`, () => {
      const db = agreementDb(transform(re, im), power);
      assert.ok(db >= 250, `${db} dB`);
    });
  }

  test('the window is the periodic Hann window: sums to N/2, an on-bin tone fills three bins', () => {
    const sum = periodicHann(256).reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - 128) < 1e-9);
    const angles = Array.from({ length: 256 }, (_, n) => (2 * Math.PI * 10 * n) / 256);
    const power = transform(angles.map(Math.cos), angles.map(Math.sin));
    const filled = [...power.keys()].filter((m) => (power[m] ?? 0) > 1e-12 * (power[10] ?? 0));
    assert.deepEqual(filled, [9, 10, 11]);
  });

  test('a plan is reusable: a second window is not coloured by the first', () => {
    const plan = createSpectrumPlan(64);
    plan.input.fill(1);
    plan.transform();
    const first = plan.power.slice();
    plan.input.fill(1);
    plan.transform();
    assert.deepEqual(plan.power, first);
  });

  test('a size that is no power of two is refused', () => {
    assert.throws(() => createSpectrumPlan(100), /power of two/);
  });
});

describe('tone quality', () => {
  const power = (entries: Record<number, number>) => Float64Array.from({ length: 64 }, (_, m) => entries[m] ?? 0);

  test('signal is what lies within 2.5 bins, cyclically', () => {
    assert.equal(measureTone(power({ 0: 6, 62: 2, 2: 1, 61: 1 }), 0).spectralError, 0.1);
    assert.equal(measureTone(power({ 8: 1, 9: 1, 12: 1, 13: 1 }), 10.5).spectralError, 0);
    assert.equal(measureTone(power({ 8: 1, 9: 1, 12: 1, 13: 1 }), 10).spectralError, 0.25);
  });

  test('SNR is 10·log10(S/N)', () => {
    assert.ok(Math.abs((measureTone(power({ 0: 99, 30: 1 }), 0).snrDb ?? 0) - 19.956) < 1e-3);
  });

  test('nothing heard is all error and no SNR; pure signal and pure noise stay finite', () => {
    assert.deepEqual(measureTone(power({}), 0), { spectralError: 1, snrDb: null });
    assert.deepEqual(measureTone(power({ 0: 1 }), 0), { spectralError: 0, snrDb: 150 });
    assert.deepEqual(measureTone(power({ 30: 1 }), 0), { spectralError: 1, snrDb: -150 });
  });
});
