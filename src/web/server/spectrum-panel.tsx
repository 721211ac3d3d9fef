import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useQueryParameter } from '../store/navigation.ts';
import type { StreamFrame } from '../../wire/api/frame.ts';
import { FRAMES_KEPT } from '../store/frame-ring.ts';
import type { ServerFeed } from '../store/server-feed.ts';
import { toValue } from './axis-scale.ts';
import { CanvasPlot, type PlotPoint, type Surface } from './canvas-plot.tsx';
import { ColourScale } from './colour-scale.tsx';
import { drawSpectrum, frequencyScale } from './draw-spectrum.ts';
import { ageScale, drawWaterfall } from './draw-waterfall.ts';
import { centredOf } from './frequency-axis.ts';
import { spanChoices, stepSpan } from './frequency-span.ts';
import { findFamily } from './line-families.ts';
import { LineList } from './line-list.tsx';
import { meanSpectrum } from './mean-spectrum.ts';
import { tickWords } from '../words/number-words.ts';
import { isHeard } from './shown-frame.ts';
import { findLines } from './spectral-lines.ts';
import { cursorWords, moveCursor, type SpectrumCursor } from './spectrum-cursor.ts';
import { spectrumSentence } from './spectrum-words.ts';
import { steadyPeriodSeconds } from './steady-period.ts';
import { WaterfallPicture } from './waterfall-picture.ts';
import { WATERFALL_SECONDS, waterfallSeconds } from './waterfall-rows.ts';

const SPECTRUM_HEIGHT = 280;
const WATERFALL_HEIGHT = 312;

interface SpectrumPanelProps {
  readonly feed: ServerFeed;
  readonly shown: StreamFrame | null;
  /** Length of the recording of which this is a moment; left out: it is live. */
  readonly recordedSeconds?: number;
}

/** The spectrum of the frame shown, and that of the last minutes below it on the same frequency axis. */
export function SpectrumPanel({ feed, shown, recordedSeconds }: SpectrumPanelProps) {
  const { frame, frames } = feed;
  const spectrum = shown === null ? null : centredOf(shown);
  const mean = useMemo(() => meanSpectrum(frames), [frame]);
  const lines = useMemo(() => (spectrum === null ? [] : findLines(spectrum)), [spectrum]);
  const family = useMemo(() => (spectrum === null ? null : findFamily(lines, spectrum.binWidthHz)), [lines]);
  const isSteady = useMemo(() => steadyPeriodSeconds(frames) !== null, [frame]);
  const [span, choices, setSpan] = useSpan(feed);
  const [cursor, setCursor] = useState<SpectrumCursor | null>(null);
  const isRecording = recordedSeconds !== undefined;
  const downSeconds = waterfallSeconds(recordedSeconds ?? WATERFALL_SECONDS);
  const picture = useRef<WaterfallPicture | null>(null);

  const drawTop = useCallback(
    (surface: Surface) =>
      drawSpectrum(surface, { spectrum, mean, lines, family, spanHz: span, cursorHz: cursor?.hz ?? null }),
    [spectrum, mean, lines, family, span, cursor],
  );
  const drawBelow = useCallback(
    (surface: Surface) => {
      picture.current ??= new WaterfallPicture();
      picture.current.update(frames);
      const [cursorHz, cursorAgeSeconds] = [cursor?.hz ?? null, cursor?.ageSeconds ?? null];
      const of = { picture: picture.current, seconds: downSeconds, spanHz: span, cursorHz, cursorAgeSeconds };
      drawWaterfall(surface, of);
    },
    [frame, frames, span, cursor, downSeconds],
  );
  const point = (place: PlotPoint | null, width: number, ageOf: (y: number) => number | null) =>
    setCursor(
      place === null ? null : { hz: toValue(frequencyScale(span, width), place.x), ageSeconds: ageOf(place.y) },
    );
  const key = (name: string): boolean => {
    if (name === '+' || name === '-') setSpan(stepSpan(choices, span, name === '+' ? 1 : -1));
    else if (name === 'Escape' && cursor !== null) setCursor(null);
    else {
      const moved = spectrum === null ? null : moveCursor(cursor, { name, spectrum, span, downSeconds });
      if (moved === null) return false;
      setCursor(moved);
    }
    return true;
  };

  return (
    <section class="instrument" aria-labelledby="spectrum-title">
      <header>
        <h2 id="spectrum-title">Spectrum</h2>
        <SpanChoice span={span} choices={choices} onChoose={setSpan} />
        <output class="readout" aria-live={cursor === null ? 'off' : 'polite'}>
          {cursorWords({ frames, frame: cursor === null ? shown : frame }, spectrum, cursor)}
        </output>
      </header>
      <CanvasPlot
        height={SPECTRUM_HEIGHT}
        label={spectrumSentence(spectrum, lines)}
        draw={drawTop}
        onPoint={(place, width) => point(place, width, () => null)}
        onKey={key}
      />
      <CanvasPlot
        height={WATERFALL_HEIGHT}
        label={`Waterfall: spectra of the last ${downSeconds / 60} minutes, the newest on top, ${frames.length} frames; brighter is stronger. Hatched: nothing was heard or seen.`}
        draw={drawBelow}
        onPoint={(place, width) => point(place, width, (y) => toValue(ageScale(WATERFALL_HEIGHT, downSeconds), y))}
        onKey={key}
      />
      <footer>
        <ColourScale />
        <ul class="legend">
          <li data-mark="now">{isRecording ? 'this moment' : 'now'}, one window</li>
          <li data-mark="mean">mean of the {isRecording ? 'minute before' : 'last minute'}</li>
          <li data-mark="band">the tone’s band, ±2.5 bins</li>
          <li data-mark="hatch">not seen</li>
        </ul>
        {!isRecording && frames.length < FRAMES_KEPT && (
          <span class="aside">The waterfall fills while this page is open.</span>
        )}
      </footer>
      <LineList lines={lines} family={family} isSteady={isSteady} hasSpectrum={shown === frame && isHeard(shown)} />
    </section>
  );
}

function useSpan(feed: ServerFeed): readonly [number, readonly number[], (span: number) => void] {
  const rate = feed.frame?.spectrum?.sample_rate_hz ?? feed.verdict?.sample_rate_hz ?? 20;
  const choices = useMemo(() => spanChoices(rate), [rate]);
  const [text, setText] = useQueryParameter('span');
  const whole = choices[0] ?? rate / 2;
  const span = choices.find((choice) => String(choice) === text) ?? whole;
  return [span, choices, (wanted) => setText(wanted === whole ? null : String(wanted))];
}

function SpanChoice(props: { span: number; choices: readonly number[]; onChoose: (span: number) => void }) {
  return (
    <div class="choice" role="group" aria-label="Width of the frequency axis">
      {props.choices.map((choice) => (
        <button key={choice} type="button" aria-pressed={choice === props.span} onClick={() => props.onChoose(choice)}>
          ±{tickWords(choice)} Hz
        </button>
      ))}
    </div>
  );
}
