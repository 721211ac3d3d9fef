import './time-slider.css';
import { timeWords } from '../words/number-words.ts';
import type { HeardRecording } from './heard-recording.ts';
import type { Landmarks } from './landmarks.ts';
import { momentAt, steppedBy } from './playback.ts';
import { besideWords } from './replay-words.ts';

interface TimeSliderProps {
  readonly hearing: HeardRecording;
  readonly landmarks: Landmarks | null;
  /** Of the moment that is shown. */
  readonly index: number;
  readonly onMove: (index: number) => void;
}

/** The time of a recording, with its faults; what is left out of it is not on it. */
export function TimeSlider({ hearing, landmarks, index, onMove }: TimeSliderProps) {
  const { moments, faults } = hearing;
  const last = Math.max(moments.length - 1, 1);
  const place = (seconds: number): number => momentAt(moments, seconds) / last;
  const seconds = moments[index]?.seconds ?? 0;
  const own = faults.filter(({ kind }) => kind !== 'observer');
  return (
    <div class="time-slider">
      <div class="time-marks" aria-hidden="true">
        {own.map(({ kind, since, until }) => {
          const [from, to] = [place(since), until === null ? 1 : place(until)];
          return (
            <i key={`${kind}/${since}`} class="fault" style={{ left: percent(from), width: percent(to - from) }} />
          );
        })}
        {landmarks !== null && (
          <>
            <i class="onset" style={{ left: percent(place(landmarks.since)) }} />
            <i class="detected" style={{ left: percent(place(landmarks.detected)) }} />
          </>
        )}
      </div>
      <input
        type="range"
        aria-label="Time in the recording"
        aria-valuetext={[timeWords(seconds), besideWords(seconds, landmarks)].filter((part) => part !== '').join(', ')}
        min={0}
        max={moments.length - 1}
        value={index}
        onInput={({ currentTarget }) => onMove(Number(currentTarget.value))}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[
            event.key
          ];
          if (step === undefined) return;
          // By seconds, not by what one moment happens to be.
          event.preventDefault();
          onMove(steppedBy(moments, index, step));
        }}
      />
      <div class="time-ends" aria-hidden="true">
        <span>{timeWords(moments[0]?.seconds ?? 0)}</span>
        <span>{timeWords(moments.at(-1)?.seconds ?? 0)}</span>
      </div>
    </div>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}
