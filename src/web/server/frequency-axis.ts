import type { FrameSpectrum, StreamFrame } from '../../wire/api/frame.ts';

/** A spectrum seen from its tone: what lies k Hz above the tone and what lies k Hz below it stand opposite each other. */
export interface CentredSpectrum {
  readonly toneHz: number;
  readonly binWidthHz: number;
  /** Of each bin from the tone, ascending, within ±half the sample rate. */
  readonly offsetsHz: Float64Array;
  /** Relative to a clean tone, dB. */
  readonly powerDb: Float64Array;
}

const centred = new WeakMap<StreamFrame, CentredSpectrum>();

/** A frame's spectrum seen from its tone, null when it has none. Made once for each frame, and forgotten with it. */
export function centredOf(frame: StreamFrame): CentredSpectrum | null {
  if (frame.spectrum === null || frame.spectrum.power_db.length === 0) return null;
  const known = centred.get(frame) ?? centreSpectrum(frame.spectrum);
  centred.set(frame, known);
  return known;
}

/** Turns a frame's spectrum so that its tone is in the middle; frequencies of slots are cyclic, so nothing is lost. */
export function centreSpectrum(spectrum: FrameSpectrum): CentredSpectrum {
  const { power_db: power, bin_width_hz: width, expected_frequency_hz: toneHz } = spectrum;
  const size = power.length;
  const rate = width * size;
  const firstOffset = spectrum.first_frequency_hz - toneHz;
  const lowest = wrapHz(firstOffset, rate);
  // How many bins after the first the axis jumps from +rate/2 back to −rate/2.
  const turn = Math.min(size, Math.max(0, Math.ceil((rate / 2 - lowest) / width - 1e-6)));
  const offsetsHz = new Float64Array(size);
  const powerDb = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    const bin = (at + turn) % size;
    offsetsHz[at] = lowest + (turn + at) * width - rate;
    powerDb[at] = power[bin] ?? 0;
  }
  return { toneHz, binWidthHz: width, offsetsHz, powerDb };
}

/** Index of the bin nearest to an offset; null beyond the spectrum. */
export function binAt(spectrum: CentredSpectrum, offsetHz: number): number | null {
  const index = Math.round((offsetHz - (spectrum.offsetsHz[0] ?? 0)) / spectrum.binWidthHz);
  return index >= 0 && index < spectrum.offsetsHz.length ? index : null;
}

/** The frequency in [−rate/2, rate/2) that slots at this rate cannot tell from the one given. */
export function wrapHz(hz: number, rateHz: number): number {
  return hz - rateHz * Math.floor(hz / rateHz + 0.5);
}
