import { useEffect, useRef } from 'preact/hooks';
import { isPlainKey } from '../server/canvas-plot.tsx';
import type { HeardRecording } from './heard-recording.ts';
import { movedTo, steppedBy, toggled, type Playback } from './playback.ts';

interface Played {
  readonly hearing: HeardRecording;
  readonly playback: Playback;
  readonly setPlayback: (next: Playback) => void;
}

/** Space plays and pauses, arrows step, Home and End go to the ends; unless something that has the focus takes the key. */
export function useReplayKeys(played: Played): void {
  const latest = useRef(played);
  latest.current = played;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !isPlainKey(event) || isTaken(event)) return;
      const next = after(event.key, latest.current);
      if (next === null) return;
      event.preventDefault();
      latest.current.setPlayback(next);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function after(key: string, { hearing, playback }: Played): Playback | null {
  const paused = { ...playback, isPlaying: false };
  const { moments } = hearing;
  switch (key) {
    case ' ':
      return toggled(playback, hearing);
    case 'ArrowLeft':
      return movedTo(paused, steppedBy(moments, playback.index, -1), hearing);
    case 'ArrowRight':
      return movedTo(paused, steppedBy(moments, playback.index, 1), hearing);
    case 'Home':
      return movedTo(paused, 0, hearing);
    case 'End':
      return movedTo(paused, moments.length - 1, hearing);
    default:
      return null;
  }
}

/** Space presses a button and follows no link; what is typed in is typed in. Of the slider only space is to be had. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement && target.type === 'range') return key !== ' ';
  return (
    target.closest(key === ' ' ? 'button, a, input, select, textarea, summary' : 'input, select, textarea') !== null
  );
}
