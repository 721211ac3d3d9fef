import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ServerHistory } from '../../wire/api/history.ts';
import { controllerNow } from '../store/session.ts';
import { useScheme } from '../theme/colours.ts';
import { CanvasPlot, isPlainKey, type Surface } from './canvas-plot.tsx';
import { drawStatus, statusHeight } from './draw-status.ts';
import { HISTORY_CHARTS, chartOptions } from './history-charts.ts';
import { historyColumns, VERDICT_SECONDS, type HistoryColumns } from './history-columns.ts';
import { bandsSentence, historySentence, historyWords } from './history-words.ts';
import { statusSpans, type TimeBand } from './time-bands.ts';

const SHOWN_SECONDS = 900;

/** A server's last 15 minutes, one chart below the other on one time axis. */
export function HistoryPanel({
  history,
  bands,
}: {
  readonly history: ServerHistory;
  readonly bands: readonly TimeBand[];
}) {
  const columns = useMemo(() => historyColumns(history), [history]);
  const [row, setRow] = useState<number | null>(null);
  const until = endOf(columns);
  const spans = useMemo(() => statusSpans(history, VERDICT_SECONDS), [history]);
  const draw = useCallback(
    (surface: Surface) => drawStatus(surface, { spans, bands, from: until - SHOWN_SECONDS, until }),
    [spans, bands, until],
  );
  return (
    <section class="instrument" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">The last 15 minutes</h2>
        <output class="readout" aria-live={row === null ? 'off' : 'polite'}>
          {historyWords(columns, row) ?? bandsSentence(bands)}
        </output>
      </header>
      <CanvasPlot height={statusHeight(bands)} label={historySentence(spans)} draw={draw} />
      <Charts columns={columns} bands={bands} onRow={setRow} />
      <footer>
        <ul class="legend">
          <li data-mark="chaos">chaos</li>
          <li data-mark="fault">fault</li>
        </ul>
        <span class="aside">Lines break where nothing is known.</span>
      </footer>
    </section>
  );
}

interface ChartsProps {
  readonly columns: HistoryColumns;
  readonly bands: readonly TimeBand[];
  readonly onRow: (row: number | null) => void;
}

function Charts({ columns, bands, onRow }: ChartsProps) {
  const scheme = useScheme();
  const place = useRef<HTMLDivElement>(null);
  const plots = useRef<readonly UPlot[]>([]);
  const latest = useRef({ columns, bands, onRow });
  latest.current = { columns, bands, onRow };

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const timeRange = (): readonly [number, number] => {
      const until = endOf(latest.current.columns);
      return [until - SHOWN_SECONDS, until];
    };
    plots.current = HISTORY_CHARTS.map((chart, at) => {
      const row = element.children[at];
      const options = chartOptions({
        chart,
        width: element.clientWidth,
        isLast: at === HISTORY_CHARTS.length - 1,
        bands: () => latest.current.bands,
        timeRange,
        onCursor: (index) => latest.current.onRow(index),
      });
      return new UPlot(options, dataOf(latest.current.columns, chart.key), row instanceof HTMLElement ? row : element);
    });
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
  }, [scheme]);

  const read = (key: string): boolean => {
    const [first] = plots.current;
    const last = columns.seconds.length - 1;
    if (first === undefined || last < 0) return false;
    const at = first.cursor.idx ?? null;
    if (key === 'Escape' && at !== null) {
      first.setCursor({ left: -10, top: -10 });
      return true;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step === undefined) return false;
    const index = Math.min(Math.max((at ?? last + 1) + step, 0), last);
    first.setCursor({ left: first.valToPos(columns.seconds[index] ?? 0, 'x'), top: 1 });
    return true;
  };

  return (
    <div
      ref={place}
      class="charts"
      role="group"
      aria-label="Error, loss, delay change and jitter over the last 15 minutes. Arrow keys read values."
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Arrow keys read it, as the pointer does.
      tabIndex={0}
      onKeyDown={(event) => {
        const isOurs = isPlainKey(event) && read(event.key);
        if (isOurs) event.preventDefault();
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

/** Where the time axis ends, Unix seconds: at the newest that is known. */
function endOf({ seconds }: HistoryColumns): number {
  return seconds.at(-1) ?? controllerNow();
}

function dataOf(columns: HistoryColumns, key: (typeof HISTORY_CHARTS)[number]['key']): UPlot.AlignedData {
  return [columns.seconds, columns[key]];
}
