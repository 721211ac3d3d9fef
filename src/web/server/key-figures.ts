import type { Verdict } from '../../core/verdict.ts';
import { percentWords, signed, spanWords, withUnit } from '../words/number-words.ts';

/** A number that matters, with its unit, and what it means. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** The figures of a verdict, in reading order; what is not known is `–`. */
export function keyFigures(verdict: Verdict | null): readonly KeyFigure[] {
  // What is left in the window of a silent server is the past running out, no measure of anything.
  const measured = verdict?.status === 'silent' ? null : verdict;
  const figure = (name: string, value: string, meaning: string): KeyFigure => ({ name, value, meaning });
  return [
    figure(
      'Error',
      percentWords(verdict?.spectral_error ?? null),
      'Share of the signal’s power that the network destroyed',
    ),
    figure('SNR', withUnit(measured?.snr_db ?? null, 'dB'), 'Power of the tone against that of everything else'),
    figure(
      'Loss',
      percentWords(measured?.loss_ratio ?? null),
      'Share of the window’s packets that never came, or too late',
    ),
    figure(
      'Delay change',
      signed(spanWords(measured?.delay_seconds ?? null)),
      'One-way delay against the learned baseline',
    ),
    figure('Jitter', spanWords(measured?.jitter_seconds ?? null), 'Interarrival jitter, RFC 3550'),
    figure(
      'Clock skew',
      signed(withUnit(measured?.clock_skew_ppm ?? null, 'ppm')),
      'Rate of the rack’s clock against the server’s',
    ),
    figure('Rate', withUnit(verdict?.sample_rate_hz ?? null, 'Hz'), 'Samples a second'),
    figure('Tone', withUnit(verdict?.expected_frequency_hz ?? null, 'Hz'), 'What this server is expected to sing'),
  ];
}
