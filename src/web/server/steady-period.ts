import type { StreamFrame } from '../../wire/api/frame.ts';
import type { FrameRing } from '../store/frame-ring.ts';
import { centredOf } from './frequency-axis.ts';
import { findFamily } from './line-families.ts';
import { findLines } from './spectral-lines.ts';

/** Periods are the same when they differ by no more than this share. */
const TOLERANCE = 0.15;

const periods = new WeakMap<StreamFrame, { readonly seconds: number | null }>();

/**
 * The period of what happens again and again, seconds: that of the newest window, if windows half a length and a whole
 * length before it have the same. What happened once, as a change of delay, is in windows of one length only, and what
 * its edge looks like changes as it moves through them. Null where they do not agree, or too few are known.
 */
export function steadyPeriodSeconds(frames: Pick<FrameRing, 'length' | 'at' | 'newest'>): number | null {
  const { newest } = frames;
  const spectrum = newest === null ? null : centredOf(newest);
  const period = newest === null ? null : periodOf(newest);
  if (newest === null || spectrum === null || period === null) return null;
  const windowSeconds = 1 / spectrum.binWidthHz;
  const agrees = (ageSeconds: number): boolean => {
    const frame = frameBefore(frames, newest.timestamp - ageSeconds);
    const other = frame === null ? null : periodOf(frame);
    return other !== null && Math.abs(other - period) <= TOLERANCE * period;
  };
  return agrees(windowSeconds / 2) && agrees(windowSeconds) ? period : null;
}

/** The newest frame that is not younger; null where all held are. */
function frameBefore(frames: Pick<FrameRing, 'length' | 'at'>, timestamp: number): StreamFrame | null {
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames.at(index);
    if (frame !== null && frame.timestamp <= timestamp) return frame;
  }
  return null;
}

/** The period that one window tells of. Found once for each frame, and forgotten with it. */
function periodOf(frame: StreamFrame): number | null {
  const known = periods.get(frame);
  if (known !== undefined) return known.seconds;
  const spectrum = centredOf(frame);
  const family = spectrum === null ? null : findFamily(findLines(spectrum), spectrum.binWidthHz);
  const seconds = family?.periodSeconds ?? null;
  periods.set(frame, { seconds });
  return seconds;
}
