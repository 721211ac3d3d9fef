import { useCallback, useMemo, useState } from 'preact/hooks';
import type { FrameWindow } from '../../wire/api/frame.ts';
import { toValue } from './axis-scale.ts';
import { CanvasPlot, type PlotPoint, type Surface } from './canvas-plot.tsx';
import { drawSlots, slotScale } from './draw-slots.ts';
import { slotAt, slotMarks, type SlotState } from './slot-states.ts';
import { slotsSentence, slotWords } from './slot-words.ts';

const HEIGHT = 220;

const STATES: readonly (readonly [SlotState, string])[] = [
  ['received', 'received'],
  ['late', 'late, by more than a slot'],
  ['lost', 'lost'],
  ['awaited', 'awaited'],
];

/** What became of every slot of the window, and how late each sample was. */
export function SlotPanel({ window }: { readonly window: FrameWindow | null }) {
  const marks = useMemo(() => (window === null ? [] : slotMarks(window)), [window]);
  const slotSeconds = 1 / (window?.sample_rate_hz ?? 20);
  // Counted from the newest slot, so that the cursor stays where it is while the slots move on.
  const [back, setBack] = useState<number | null>(null);
  const at = back === null ? null : marks.length - 1 - back;
  const mark = at === null ? undefined : marks[at];
  const draw = useCallback(
    (surface: Surface) => drawSlots(surface, { marks, slotSeconds, cursorSeconds: mark?.dueSeconds ?? null }),
    [marks, slotSeconds, mark],
  );
  const point = (place: PlotPoint | null, width: number) => {
    if (place === null || window === null) return setBack(null);
    const slot = slotAt(window, toValue(slotScale(marks, slotSeconds, width), place.x));
    setBack(slot === null ? null : marks.length - 1 - slot);
  };
  const key = (name: string): boolean => {
    if (name === 'Escape' && back !== null) {
      setBack(null);
      return true;
    }
    const step = { ArrowLeft: 1, ArrowRight: -1 }[name];
    if (step === undefined || marks.length === 0) return false;
    setBack(Math.min(Math.max((back ?? -1) + step, 0), marks.length - 1));
    return true;
  };
  return (
    <section class="instrument" aria-labelledby="slots-title">
      <header>
        <h2 id="slots-title">Slots and lateness</h2>
        <output class="readout" aria-live={mark === undefined ? 'off' : 'polite'}>
          {mark === undefined ? slotsSentence(marks) : slotWords(mark)}
        </output>
      </header>
      <CanvasPlot height={HEIGHT} label={slotsSentence(marks)} draw={draw} onPoint={point} onKey={key} />
      <footer>
        <ul class="legend">
          {STATES.map(([state, words]) => (
            <li key={state} data-mark={state}>
              {words}
            </li>
          ))}
        </ul>
        <span class="aside">Time is when a sample was sent, by the server’s clock.</span>
      </footer>
    </section>
  );
}
