/** Half width of the signal band, in bins: a Hann-windowed tone has its main lobe within ±2 bins. */
export const SIGNAL_HALF_WIDTH_BINS = 2.5;

/** A signal-to-noise ratio is reported within ± this many dB: float32 samples carry no more. */
const MAX_SNR_DB = 150;

/** What one window's spectrum says of the tone. */
export interface ToneQuality {
  /** N / (S + N): the share of the received power that is not in the signal band; 1 when nothing was received. */
  readonly spectralError: number;
  /** 10·log10(S / N), within ±150 dB; null when nothing was received. */
  readonly snrDb: number | null;
}

export const NOTHING_HEARD: ToneQuality = { spectralError: 1, snrDb: null };
export const ALL_NOISE: ToneQuality = { spectralError: 1, snrDb: -MAX_SNR_DB };

/**
 * Splits a power spectrum into signal (bins within 2.5 bins of the tone, cyclic) and noise (the rest).
 * @param power P[m], m = 0…N−1
 * @param toneBin where the tone should be, in bins, may be fractional: f·N/fs
 */
export function measureTone(power: Float64Array, toneBin: number): ToneQuality {
  const size = power.length;
  let total = 0;
  for (let m = 0; m < size; m++) total += power[m] ?? 0;
  if (!(total > 0)) return NOTHING_HEARD;

  let signal = 0;
  const first = Math.ceil(toneBin - SIGNAL_HALF_WIDTH_BINS);
  const last = Math.floor(toneBin + SIGNAL_HALF_WIDTH_BINS);
  for (let bin = first; bin <= last; bin++) signal += power[((bin % size) + size) % size] ?? 0;

  const noise = Math.max(total - signal, 0);
  const snrDb = 10 * Math.log10(signal / noise);
  return { spectralError: noise / total, snrDb: Math.min(Math.max(snrDb, -MAX_SNR_DB), MAX_SNR_DB) };
}
