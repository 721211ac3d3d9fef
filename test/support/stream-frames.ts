import { MAX_FRAME_SLOTS, type StreamFrame } from '../../src/wire/api/frame.ts';

/** A small frame of server 2 of rack 1. */
export const FRAME: StreamFrame = {
  type: 'frame',
  rack_id: 1,
  server_id: 2,
  timestamp: 1_800_000_000.5,
  spectrum: {
    window_slots: 4,
    sample_rate_hz: 20,
    expected_frequency_hz: 2.1,
    first_frequency_hz: -7.9,
    bin_width_hz: 5,
    power_db: [-150, -60.1, 0, -59.9],
  },
  window: {
    first_slot: 7,
    sample_rate_hz: 20,
    newest_sent: 1_800_000_000.4,
    slots: 'rlrw',
    lateness_seconds: [0, null, 0.00012, null],
    in_phase: [1, null, 0.999, null],
    quadrature: [0, null, -0.01, null],
  },
};

export function frameOf(rack_id: number, server_id: number, changes: Partial<StreamFrame> = {}): StreamFrame {
  return { ...FRAME, rack_id, server_id, ...changes };
}

/** Numbers with as many characters as numbers have. */
const VALUES = Array.from({ length: MAX_FRAME_SLOTS }, () => -1.234567890123456e-300);

/** A frame with as many slots as a window may have: some 300 kB. */
export function largeFrameOf(rack_id: number, server_id: number): StreamFrame {
  const lists = { lateness_seconds: VALUES, in_phase: VALUES, quadrature: VALUES };
  const window = { first_slot: 0, sample_rate_hz: 20, newest_sent: 1_800_000_000, ...lists };
  return frameOf(rack_id, server_id, { window: { ...window, slots: 'r'.repeat(MAX_FRAME_SLOTS) } });
}
