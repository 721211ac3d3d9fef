import type { SpectrumPlan } from './power-spectrum.ts';

/** The lowest power that is told, in dB below a clean tone. */
const FLOOR_DB = -150;

/** A window's spectrum, for people and charts. */
export interface WindowSpectrum {
  readonly window_slots: number;
  readonly sample_rate_hz: number;
  readonly expected_frequency_hz: number;
  /** Ascending, from −fs/2 up; the bins lie symmetrically about the tone. */
  readonly frequencies_hz: readonly number[];
  /** Power relative to a clean tone of the same amplitude, in dB; an empty window has −150 everywhere. */
  readonly power_db: readonly number[];
}

/** Puts a plan's transformed baseband window onto the frequency axis of the tone. */
export function describeSpectrum(
  plan: SpectrumPlan,
  options: { meanPower: number; sampleRateHz: number; toneHz: number },
): WindowSpectrum {
  const { size, power } = plan;
  const { sampleRateHz, toneHz } = options;
  // A clean tone of amplitude A gives |A·ΣW|² in its own bin, and a periodic Hann window sums to N/2.
  const reference = options.meanPower * (size / 2) ** 2;
  const bins = Array.from({ length: size }, (_, m) => {
    const hz = toneHz + (m * sampleRateHz) / size;
    const db = reference > 0 ? 10 * Math.log10((power[m] ?? 0) / reference) : FLOOR_DB;
    return { hz: hz - sampleRateHz * Math.floor(hz / sampleRateHz + 0.5), db: Math.max(db, FLOOR_DB) };
  }).toSorted((a, b) => a.hz - b.hz);
  return {
    window_slots: size,
    sample_rate_hz: sampleRateHz,
    expected_frequency_hz: toneHz,
    frequencies_hz: bins.map((bin) => bin.hz),
    power_db: bins.map((bin) => bin.db),
  };
}
