import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { controllerNow } from '../store/session.ts';
import { useScheme } from '../theme/colours.ts';
import { isPlainKey } from './canvas-plot.tsx';
import { HISTORY_CHARTS, chartOptions, type HistoryChart } from './history-charts.ts';
import type { HistoryColumns } from './history-columns.ts';
import type { TimeBand } from './time-bands.ts';

/** How far back the charts go. */
export const SHOWN_SECONDS = 900;

/** What charts of a recording have besides. Times in Unix seconds. */
export interface RecordedTime {
  readonly range: readonly [from: number, until: number];
  /** The moment that is shown. */
  readonly atSeconds: number;
  /** Another moment is wanted. */
  readonly onPick: (seconds: number) => void;
}

interface HistoryPlotsProps {
  readonly columns: HistoryColumns;
  readonly bands: readonly TimeBand[];
  /** Which row of the columns is read; null: none. */
  readonly onRow: (row: number | null) => void;
  readonly recording?: RecordedTime;
}

/** Where the time axis ends, Unix seconds: at the newest that is known. */
export function endOf({ seconds }: HistoryColumns): number {
  return seconds.at(-1) ?? controllerNow();
}

/** The charts, one below the other, with one cursor. */
export function HistoryPlots(props: HistoryPlotsProps) {
  const place = useRef<HTMLDivElement>(null);
  const plots = usePlots(place, props);
  return (
    <div
      ref={place}
      class="charts"
      role="group"
      aria-label={`Error, loss, delay change and jitter over ${props.recording ? 'all of the recording' : 'the last 15 minutes'}. Arrow keys read values.`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Arrow keys read it, as the pointer does.
      tabIndex={0}
      onKeyDown={(event) => {
        if (isPlainKey(event) && moveCursor(plots.current, props.columns, event.key)) event.preventDefault();
      }}
      onClick={() => {
        const row = plots.current[0]?.cursor.idx ?? null;
        const seconds = row === null ? undefined : props.columns.seconds[row];
        if (seconds !== undefined) props.recording?.onPick(seconds);
      }}
    >
      {HISTORY_CHARTS.map(({ key, title, unit }) => (
        <figure key={key}>
          <figcaption>
            {title}, {unit}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

/** Makes a plot in each figure of a place, and keeps them as wide as it and up to date. */
function usePlots(place: { readonly current: HTMLElement | null }, props: HistoryPlotsProps) {
  const scheme = useScheme();
  const plots = useRef<readonly UPlot[]>([]);
  const latest = useRef(props);
  latest.current = props;
  const { columns, bands } = props;

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    plots.current = HISTORY_CHARTS.map((chart, at) => makePlot(element, { chart, at, latest }));
    const observer = new ResizeObserver(() => {
      for (const plot of plots.current) plot.setSize({ width: element.clientWidth, height: plot.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      for (const plot of plots.current) plot.destroy();
    };
  }, []);

  useEffect(() => {
    HISTORY_CHARTS.forEach(({ key }, at) => plots.current[at]?.setData(dataOf(columns, key)));
  }, [columns, bands]);

  useEffect(() => {
    for (const plot of plots.current) plot.redraw();
  }, [scheme, props.recording?.atSeconds]);
  return plots;
}

function makePlot(
  place: HTMLElement,
  of: { readonly chart: HistoryChart; readonly at: number; readonly latest: { readonly current: HistoryPlotsProps } },
): UPlot {
  const { chart, at, latest } = of;
  const options = chartOptions({
    chart,
    width: place.clientWidth,
    isLast: at === HISTORY_CHARTS.length - 1,
    bands: () => latest.current.bands,
    atSeconds: () => latest.current.recording?.atSeconds ?? null,
    timeRange: () => {
      if (latest.current.recording !== undefined) return latest.current.recording.range;
      const until = endOf(latest.current.columns);
      return [until - SHOWN_SECONDS, until];
    },
    onCursor: (index) => latest.current.onRow(index),
  });
  const figure = place.children[at];
  return new UPlot(options, dataOf(latest.current.columns, chart.key), figure instanceof HTMLElement ? figure : place);
}

/** Arrow keys go from row to row, Esc leaves. False: the key is for something else. */
function moveCursor(plots: readonly UPlot[], { seconds }: HistoryColumns, key: string): boolean {
  const [first] = plots;
  const last = seconds.length - 1;
  if (first === undefined || last < 0) return false;
  const at = first.cursor.idx ?? null;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const isLeft = key === 'Escape' && at !== null;
  if (step === undefined && !isLeft) return false;
  const row = Math.min(Math.max((at ?? last + 1) + (step ?? 0), 0), last);
  const left = isLeft ? -10 : first.valToPos(seconds[row] ?? 0, 'x');
  // What the pointer does in one of them is done in all; this is not.
  for (const plot of plots) plot.setCursor({ left, top: isLeft ? -10 : 1 });
  return true;
}

function dataOf(columns: HistoryColumns, key: HistoryChart['key']): UPlot.AlignedData {
  return [columns.seconds, columns[key]];
}
