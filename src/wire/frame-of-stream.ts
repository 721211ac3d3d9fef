import type { Stream } from '../core/stream.ts';
import type { WindowAnalyzer } from '../core/window-analyzer.ts';
import type { FrameSpectrum, StreamFrame } from './api/frame.ts';

const POWER_STEPS_PER_DB = 10;
/** What a spectrum has where nothing is heard. */
const FLOOR_DB = -150;

/** What a stream sounds like at a time, Unix seconds of the receiver's clock. */
export function frameOfStream(
  { stream, analyzer }: { readonly stream: Stream; readonly analyzer: WindowAnalyzer },
  nowSeconds: number,
): StreamFrame {
  return {
    type: 'frame',
    rack_id: stream.options.rackId,
    server_id: stream.options.serverId,
    timestamp: nowSeconds,
    spectrum: frameSpectrum(stream, analyzer, nowSeconds),
    window: analyzer.window(stream, nowSeconds),
  };
}

/** Of a silent stream nothing is heard, whatever its last window was like. */
function frameSpectrum(stream: Stream, analyzer: WindowAnalyzer, nowSeconds: number): FrameSpectrum | null {
  const spectrum = analyzer.spectrum(stream);
  if (spectrum === null) return null;
  const { window_slots, sample_rate_hz, expected_frequency_hz, frequencies_hz, power_db } = spectrum;
  const isSilent = stream.isSilent(nowSeconds);
  return {
    window_slots,
    sample_rate_hz,
    expected_frequency_hz,
    first_frequency_hz: frequencies_hz[0] ?? 0,
    bin_width_hz: sample_rate_hz / window_slots,
    power_db: power_db.map((db) =>
      isSilent ? FLOOR_DB : Math.round(db * POWER_STEPS_PER_DB) / POWER_STEPS_PER_DB + 0,
    ),
  };
}
