import { useCallback, useMemo, useState } from 'preact/hooks';
import type { ServerHistory } from '../../wire/api/history.ts';
import { CanvasPlot, type Surface } from './canvas-plot.tsx';
import { drawStatus, statusHeight } from './draw-status.ts';
import { historyColumns, VERDICT_SECONDS } from './history-columns.ts';
import { endOf, HistoryPlots, SHOWN_SECONDS } from './history-plots.tsx';
import { bandsSentence, historySentence, historyWords } from './history-words.ts';
import { statusSpans, type TimeBand } from './time-bands.ts';

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
      <HistoryPlots columns={columns} bands={bands} onRow={setRow} />
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
