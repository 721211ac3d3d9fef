import * as v from 'valibot';
import type { WindowSlots } from '../../core/window-slots.ts';
import { CountSchema, FiniteSchema, IdSchema, PositiveSchema, TimeSchema } from '../bounded-schemas.ts';

/** Most slots of a window that is told of. */
export const MAX_FRAME_SLOTS = 4096;

/** A window's spectrum, power relative to a clean tone of the same amplitude. */
export interface FrameSpectrum {
  readonly window_slots: number;
  readonly sample_rate_hz: number;
  readonly expected_frequency_hz: number;
  /** Frequency of the first bin; the others follow by `bin_width_hz`, ascending. */
  readonly first_frequency_hz: number;
  readonly bin_width_hz: number;
  /** One value a bin, dB, −150 at the least, to 0.1 dB. */
  readonly power_db: readonly number[];
}

/** A window's slots, oldest first. */
export type FrameWindow = WindowSlots;

/** What a server sounds like now: sent by a rack while somebody watches. */
export interface StreamFrame {
  readonly type: 'frame';
  readonly rack_id: number;
  readonly server_id: number;
  /** Unix seconds, the rack's clock. */
  readonly timestamp: number;
  /** Null while too few samples came. */
  readonly spectrum: FrameSpectrum | null;
  readonly window: FrameWindow | null;
}

const values = v.pipe(v.array(v.nullable(FiniteSchema)), v.maxLength(MAX_FRAME_SLOTS));

export const FrameSpectrumSchema: v.GenericSchema<unknown, FrameSpectrum> = v.object({
  window_slots: CountSchema,
  sample_rate_hz: PositiveSchema,
  expected_frequency_hz: PositiveSchema,
  first_frequency_hz: FiniteSchema,
  bin_width_hz: PositiveSchema,
  power_db: v.pipe(v.array(FiniteSchema), v.maxLength(MAX_FRAME_SLOTS)),
});

export const FrameWindowSchema: v.GenericSchema<unknown, FrameWindow> = v.object({
  first_slot: v.pipe(v.number(), v.safeInteger()),
  sample_rate_hz: PositiveSchema,
  newest_sent: FiniteSchema,
  slots: v.pipe(v.string(), v.maxLength(MAX_FRAME_SLOTS), v.regex(/^[rlw]*$/)),
  lateness_seconds: values,
  in_phase: values,
  quadrature: values,
});

export const StreamFrameSchema: v.GenericSchema<unknown, StreamFrame> = v.object({
  type: v.literal('frame'),
  rack_id: IdSchema,
  server_id: IdSchema,
  timestamp: TimeSchema,
  spectrum: v.nullable(FrameSpectrumSchema),
  window: v.nullable(FrameWindowSchema),
});
