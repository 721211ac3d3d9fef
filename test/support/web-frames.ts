import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import type { FrameSpectrum, FrameWindow, StreamFrame } from '../../src/wire/api/frame.ts';
import { listen, simulateLink, type LinkOptions } from './simulated-link.ts';

/** The spectrum that a rack would tell of a simulated link, after all of it was heard. */
export function spectrumOf(
  link: Omit<LinkOptions, 'seconds' | 'seed'> & { seconds?: number; seed?: number },
): FrameSpectrum {
  const { stream } = listen(simulateLink({ seed: 1, seconds: 60, ...link }), { toneHz: link.toneHz });
  const spectrum = new WindowAnalyzer(256).spectrum(stream);
  if (spectrum === null) throw new Error('too little was heard for a spectrum');
  const { frequencies_hz: frequencies, ...rest } = spectrum;
  return {
    ...rest,
    first_frequency_hz: frequencies[0] ?? 0,
    bin_width_hz: spectrum.sample_rate_hz / spectrum.window_slots,
  };
}

/** A window at 20 slots a second whose newest slot was sent at second 1000. */
export function windowOf(slots: string, latenessSeconds: readonly (number | null)[]): FrameWindow {
  return {
    first_slot: 100,
    sample_rate_hz: 20,
    newest_sent: 1000,
    slots,
    lateness_seconds: latenessSeconds,
    in_phase: latenessSeconds.map((value) => (value === null ? null : 1)),
    quadrature: latenessSeconds.map((value) => (value === null ? null : 0)),
  };
}

/** A frame of server 5 of rack 2 without its slots. */
export function frameOf(timestamp: number, spectrum: StreamFrame['spectrum']): StreamFrame {
  return { type: 'frame', rack_id: 2, server_id: 5, timestamp, spectrum, window: null };
}
