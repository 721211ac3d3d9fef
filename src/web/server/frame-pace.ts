import type { FrameRing } from '../store/frame-ring.ts';

/** So many frames tell how fast they come. */
const FRAMES = 8;
/** Slower than this, it is said: while all is well, half a second lies between two frames. */
const SLOW_SECONDS = 1;
/** A pause is so many times as long as what mostly lies between two frames: then nothing was sent at all. */
const PAUSE_FACTOR = 4;

/**
 * Mean time between the newest frames, seconds; null while there are too few to tell, also since a pause, as when the
 * rack was down: it says nothing of how they come now.
 */
export function framePaceSeconds(frames: Pick<FrameRing, 'length' | 'at'>): number | null {
  if (frames.length < FRAMES) return null;
  const times: number[] = [];
  for (let index = frames.length - FRAMES; index < frames.length; index++) times.push(frames.at(index)?.timestamp ?? 0);
  const spans = times.slice(1).map((time, at) => time - (times[at] ?? time));
  const usual = spans.toSorted((a, b) => a - b)[spans.length >> 1] ?? 0;
  if (spans.some((span) => span > PAUSE_FACTOR * usual)) return null;
  return spans.reduce((sum, span) => sum + span, 0) / spans.length;
}

/** True when frames come much slower than wanted. */
export function isSlow(paceSeconds: number | null): boolean {
  return paceSeconds !== null && paceSeconds > SLOW_SECONDS;
}
