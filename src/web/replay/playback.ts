import type { HeardRecording } from './heard-recording.ts';

/** How many times as fast as it was. */
export const SPEEDS = [1, 10, 60] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where a replay is. */
export interface Playback {
  /** Of the moment that is shown. */
  readonly index: number;
  readonly isPlaying: boolean;
  readonly speed: Speed;
  /** Recorded time that was played since that moment. */
  readonly restSeconds: number;
}

type Moments = HeardRecording['moments'];

/** Paused at a moment. */
export function pausedAt(index: number): Playback {
  return { index, isPlaying: false, speed: 1, restSeconds: 0 };
}

/** Plays on for so much time of the clock on the wall; at the end it stops. */
export function played(
  playback: Playback,
  elapsedSeconds: number,
  hearing: Pick<HeardRecording, 'moments' | 'stepSeconds'>,
): Playback {
  if (!playback.isPlaying) return playback;
  const seconds = playback.restSeconds + elapsedSeconds * playback.speed;
  const steps = Math.floor(seconds / hearing.stepSeconds);
  const last = hearing.moments.length - 1;
  if (playback.index + steps >= last) return { ...playback, index: last, isPlaying: false, restSeconds: 0 };
  return { ...playback, index: playback.index + steps, restSeconds: seconds - steps * hearing.stepSeconds };
}

/** Plays or pauses; at the end it begins anew. */
export function toggled(playback: Playback, { moments }: Pick<HeardRecording, 'moments'>): Playback {
  const isAtEnd = playback.index >= moments.length - 1;
  return {
    ...playback,
    isPlaying: !playback.isPlaying,
    index: !playback.isPlaying && isAtEnd ? 0 : playback.index,
    restSeconds: 0,
  };
}

/** Goes to a moment, playing or not. */
export function movedTo(playback: Playback, index: number, { moments }: Pick<HeardRecording, 'moments'>): Playback {
  return { ...playback, index: Math.min(Math.max(index, 0), moments.length - 1), restSeconds: 0 };
}

/** The last moment that is not after a time, Unix seconds; the first where all are. */
export function momentAt(moments: Moments, seconds: number): number {
  let [low, high] = [0, moments.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((moments[middle]?.seconds ?? Infinity) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A second on or back; a moment where there is less than one a second. */
export function steppedBy(moments: Moments, index: number, seconds: number): number {
  const at = momentAt(moments, (moments[index]?.seconds ?? 0) + seconds);
  const isStuck = at === index || (seconds < 0 && at > index);
  return Math.min(Math.max(isStuck ? index + Math.sign(seconds) : at, 0), moments.length - 1);
}
