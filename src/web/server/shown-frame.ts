import type { StreamFrame } from '../../wire/api/frame.ts';
import type { FrameRing } from '../store/frame-ring.ts';

/** What a spectrum has where nothing is heard. */
const NOTHING_DB = -149.5;

/** True when a frame's spectrum has anything in it. */
export function isHeard(frame: StreamFrame | null): boolean {
  return frame?.spectrum?.power_db.some((power) => power > NOTHING_DB) === true;
}

/** The newest frame in which anything was heard; null where none of those held has. */
export function lastHeardFrame(frames: Pick<FrameRing, 'length' | 'at'>): StreamFrame | null {
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames.at(index);
    if (isHeard(frame)) return frame;
  }
  return null;
}
