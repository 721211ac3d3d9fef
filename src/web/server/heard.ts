import type { StreamFrame } from '../../wire/api/frame.ts';
import type { FrameRing } from '../store/frame-ring.ts';
import { countSlots, slotMarks } from './slot-states.ts';
import { steadyPeriodSeconds } from './steady-period.ts';

/** What the newest frame says that a verdict does not. */
export interface Heard {
  /** Share of the window's slots whose sample came more than a slot late. */
  readonly lateRatio: number;
  readonly worstLatenessSeconds: number;
  /** Of what happens again and again; null where nothing does. */
  readonly periodSeconds: number | null;
}

/** Reads a frame, with those before it; null when it has no slots. */
export function heardOf(frame: StreamFrame | null, frames: Pick<FrameRing, 'length' | 'at' | 'newest'>): Heard | null {
  if (frame === null || frame.window === null || frame.window.slots === '') return null;
  const marks = slotMarks(frame.window);
  return {
    lateRatio: countSlots(marks).late / marks.length,
    worstLatenessSeconds: marks.reduce((worst, { latenessSeconds }) => Math.max(worst, latenessSeconds ?? 0), 0),
    periodSeconds: steadyPeriodSeconds(frames),
  };
}
