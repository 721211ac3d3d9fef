import type { FrameRing } from '../store/frame-ring.ts';

/** So many frames tell how fast they come. */
const FRAMES = 8;
/** Slower than this, it is said: while all is well, half a second lies between two frames. */
const SLOW_SECONDS = 1;

/** Mean time between the newest frames; null while there are too few to tell. */
export function framePaceSeconds(frames: Pick<FrameRing, 'length' | 'at'>): number | null {
  if (frames.length < FRAMES) return null;
  const first = frames.at(frames.length - FRAMES);
  const last = frames.at(frames.length - 1);
  return first === null || last === null ? null : (last.timestamp - first.timestamp) / (FRAMES - 1);
}

/** True when frames come much slower than wanted. */
export function isSlow(paceSeconds: number | null): boolean {
  return paceSeconds !== null && paceSeconds > SLOW_SECONDS;
}
