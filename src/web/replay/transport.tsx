import './transport.css';
import { timeWords } from '../words/number-words.ts';
import type { HeardRecording } from './heard-recording.ts';
import type { Landmarks } from './landmarks.ts';
import { momentAt, movedTo, SPEEDS, steppedBy, toggled, type Playback } from './playback.ts';
import { besideWords } from './replay-words.ts';
import { TimeSlider } from './time-slider.tsx';

export interface TransportProps {
  readonly hearing: HeardRecording;
  readonly landmarks: Landmarks | null;
  readonly playback: Playback;
  readonly setPlayback: (next: Playback) => void;
}

/** Plays, pauses, and goes to any moment. */
export function Transport({ hearing, landmarks, playback, setPlayback }: TransportProps) {
  const { moments } = hearing;
  const { index, isPlaying, speed } = playback;
  const seconds = moments[index]?.seconds ?? 0;
  const go = (to: number): void => setPlayback({ ...movedTo(playback, to, hearing), isPlaying: false });
  const after = (at: number): number => {
    const before = momentAt(moments, at);
    return (moments[before]?.seconds ?? 0) < at ? before + 1 : before;
  };
  return (
    <div class="transport" role="group" aria-label="Replay">
      <div class="transport-keys">
        <button
          type="button"
          class="play"
          aria-keyshortcuts="Space"
          onClick={() => setPlayback(toggled(playback, hearing))}
        >
          <i data-shape={isPlaying ? 'pause' : 'play'} aria-hidden="true" />
          {isPlaying ? 'Pause' : 'Play'}
        </button>
        <button type="button" title="A second back (←)" onClick={() => go(steppedBy(moments, index, -1))}>
          −1{'\u202f'}s
        </button>
        <button type="button" title="A second on (→)" onClick={() => go(steppedBy(moments, index, 1))}>
          +1{'\u202f'}s
        </button>
        <div class="choice" role="group" aria-label="Speed">
          {SPEEDS.map((choice) => (
            <button
              key={choice}
              type="button"
              aria-pressed={choice === speed}
              onClick={() => setPlayback({ ...playback, speed: choice })}
            >
              {choice}×
            </button>
          ))}
        </div>
        {landmarks !== null && (
          <>
            <button type="button" onClick={() => go(after(landmarks.since))}>
              <i data-shape="onset" aria-hidden="true" />
              Began {timeWords(landmarks.since)}
            </button>
            <button type="button" onClick={() => go(after(landmarks.detected))}>
              <i data-shape="detected" aria-hidden="true" />
              Found {timeWords(landmarks.detected)}
            </button>
          </>
        )}
        <output class="transport-time" aria-live={isPlaying ? 'off' : 'polite'}>
          <b>{timeWords(seconds)}</b> <span>{besideWords(seconds, landmarks)}</span>
        </output>
      </div>
      <TimeSlider hearing={hearing} landmarks={landmarks} index={index} onMove={go} />
    </div>
  );
}
