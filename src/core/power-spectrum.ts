import FFT from 'fft.js';
import { periodicHann } from './hann.ts';

/** A precomputed transform. One plan serves any number of streams, one window at a time; nothing is allocated per window. */
export interface SpectrumPlan {
  /** Number of slots in a window, a power of two. */
  readonly size: number;
  /** Slot values of the window, interleaved re, im (2 × size); the caller fills it, `transform` leaves it windowed. */
  readonly input: Float64Array;
  /** Result of the last `transform`: P[m] = |Y[m]|², m = 0…size−1, bins above size/2 being negative frequencies. */
  readonly power: Float64Array;
  /** Applies the periodic Hann window to `input` in place and writes `power`. */
  transform(): void;
}

/**
 * Plans Hann-windowed power spectra of complex slots.
 * @throws Error when size is not a power of two above 1.
 */
export function createSpectrumPlan(size: number): SpectrumPlan {
  const fft = new FFT(size);
  const window = periodicHann(size);
  const input = new Float64Array(2 * size);
  const output = new Float64Array(2 * size);
  const power = new Float64Array(size);

  return {
    size,
    input,
    power,
    transform() {
      for (let n = 0; n < size; n++) {
        const weight = window[n] ?? 0;
        input[2 * n] = (input[2 * n] ?? 0) * weight;
        input[2 * n + 1] = (input[2 * n + 1] ?? 0) * weight;
      }
      fft.transform(output, input);
      for (let m = 0; m < size; m++) {
        const re = output[2 * m] ?? 0;
        const im = output[2 * m + 1] ?? 0;
        power[m] = re * re + im * im;
      }
    },
  };
}
