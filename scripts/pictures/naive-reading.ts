import { createSpectrumPlan } from '../../src/core/power-spectrum.ts';
import { SIGNAL_HALF_WIDTH_BINS } from '../../src/core/spectral-error.ts';
import { arrivalsOf, type Impairment } from './measure.ts';

const SIZE = 256;
const SAMPLE_RATE_HZ = 20;
const HOP = 20;

/**
 * What a first attempt would measure: the values in the order in which they arrive, one after the other, windowed and
 * transformed, noise over everything. Mean over all windows.
 */
export function naiveError(toneHz: number, seconds: number, impairment: Impairment): number {
  const values = arrivalsOf(toneHz, seconds, impairment).map(({ sample }) => sample.im);
  const plan = createSpectrumPlan(SIZE);
  let sum = 0;
  let windows = 0;
  for (let start = 0; start + SIZE <= values.length; start += HOP, windows++) {
    for (let n = 0; n < SIZE; n++) {
      plan.input[2 * n] = values[start + n] ?? 0;
      plan.input[2 * n + 1] = 0;
    }
    plan.transform();
    sum += errorOf(plan.power, toneHz);
  }
  return sum / windows;
}

/** Noise over signal and noise, in the lower half of the spectrum of real values. */
function errorOf(power: Float64Array, toneHz: number): number {
  const toneBin = (toneHz * SIZE) / SAMPLE_RATE_HZ;
  let [signal, noise] = [0, 0];
  for (let m = 1; m < SIZE / 2; m++) {
    if (Math.abs(m - toneBin) <= SIGNAL_HALF_WIDTH_BINS) signal += power[m] ?? 0;
    else noise += power[m] ?? 0;
  }
  return noise / (signal + noise);
}
