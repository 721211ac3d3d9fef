import type { StreamFrame } from '../../wire/api/frame.ts';
import { centredOf } from './frequency-axis.ts';
import { findFamily } from './line-families.ts';
import { countSlots, slotMarks } from './slot-states.ts';
import { findLines } from './spectral-lines.ts';

/** What the newest frame says that a verdict does not. */
export interface Heard {
  /** Share of the window's slots whose sample came more than a slot late. */
  readonly lateRatio: number;
  readonly worstLatenessSeconds: number;
  /** Of what happens again and again; null where nothing does. */
  readonly periodSeconds: number | null;
}

/** Reads a frame; null when it has no slots. */
export function heardOf(frame: StreamFrame | null): Heard | null {
  if (frame === null || frame.window === null || frame.window.slots === '') return null;
  const marks = slotMarks(frame.window);
  const spectrum = centredOf(frame);
  const family = spectrum === null ? null : findFamily(findLines(spectrum), spectrum.binWidthHz);
  return {
    lateRatio: countSlots(marks).late / marks.length,
    worstLatenessSeconds: marks.reduce((worst, { latenessSeconds }) => Math.max(worst, latenessSeconds ?? 0), 0),
    periodSeconds: family?.periodSeconds ?? null,
  };
}
