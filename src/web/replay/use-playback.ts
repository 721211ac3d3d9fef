import { useEffect, useRef, useState } from 'preact/hooks';
import type { HeardRecording } from './heard-recording.ts';
import { pausedAt, played, type Playback } from './playback.ts';

/** A playback that goes on with the time of the clock while it plays, at most as often as the screen is drawn. */
export function usePlayback(hearing: HeardRecording, first: number): readonly [Playback, (next: Playback) => void] {
  const [playback, setPlayback] = useState(() => pausedAt(first));
  const latest = useRef(playback);
  const set = (next: Playback): void => {
    // What only waits for the next moment draws nothing anew.
    const isShown = next.index !== latest.current.index || next.isPlaying !== latest.current.isPlaying;
    const isOther = isShown || next.speed !== latest.current.speed;
    latest.current = next;
    if (isOther) setPlayback(next);
  };

  useEffect(() => {
    if (!playback.isPlaying) return undefined;
    let before = performance.now();
    let frame = requestAnimationFrame(function turn(now: number) {
      // A page that was hidden was not played to anybody.
      const elapsedSeconds = Math.min(Math.max(now - before, 0) / 1000, 0.25);
      before = now;
      set(played(latest.current, elapsedSeconds, hearing));
      if (latest.current.isPlaying) frame = requestAnimationFrame(turn);
    });
    return () => cancelAnimationFrame(frame);
  }, [playback.isPlaying, hearing]);
  return [playback, set];
}
