import type { Verdict } from '../../src/core/verdict.ts';

/** What a rack says of server 5 of rack 2. */
export const VERDICT: Verdict = {
  rack_id: 2,
  server_id: 5,
  name: null,
  status: 'healthy',
  spectral_error: 0.213,
  snr_db: 5.7,
  loss_ratio: 0.2,
  delay_seconds: 0.0021,
  jitter_seconds: null,
  clock_skew_ppm: -12.34,
  expected_frequency_hz: 3.25,
  sample_rate_hz: 20,
  last_heard: 1000,
  faults: [],
};
