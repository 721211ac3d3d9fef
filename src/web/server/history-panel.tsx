import { useCallback, useMemo, useState } from 'preact/hooks';
import type { ServerHistory } from '../../wire/api/history.ts';
import { CanvasPlot, type Surface } from './canvas-plot.tsx';
import { drawStatus, statusHeight } from './draw-status.ts';
import { historyColumns, VERDICT_SECONDS } from './history-columns.ts';
import { endOf, HistoryPlots, SHOWN_SECONDS, type RecordedTime } from './history-plots.tsx';
import { bandsSentence, historySentence, historyWords } from './history-words.ts';
import { bandsSince, statusSpans, type TimeBand } from './time-bands.ts';

interface HistoryPanelProps {
  readonly history: ServerHistory;
  readonly bands: readonly TimeBand[];
  /** Of a recording, all of its time; else the last 15 minutes. */
  readonly recording?: RecordedTime;
}

/** A server's last 15 minutes, one chart below the other on one time axis. */
export function HistoryPanel({ history, bands: known, recording }: HistoryPanelProps) {
  const columns = useMemo(() => historyColumns(history), [history]);
  const [row, setRow] = useState<number | null>(null);
  const newest = endOf(columns);
  const [from, until] = recording?.range ?? [newest - SHOWN_SECONDS, newest];
  const atSeconds = recording?.atSeconds ?? null;
  const spans = useMemo(() => statusSpans(history, VERDICT_SECONDS), [history]);
  const bands = useMemo(() => bandsSince(known, from), [known, from]);
  const draw = useCallback(
    (surface: Surface) => drawStatus(surface, { spans, bands, from, until, atSeconds }),
    [spans, bands, from, until, atSeconds],
  );
  return (
    <section class="instrument" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">{recording === undefined ? 'The last 15 minutes' : 'All of the recording'}</h2>
        <output class="readout" aria-live={row === null ? 'off' : 'polite'}>
          {historyWords(columns, row) ?? bandsSentence(bands)}
        </output>
      </header>
      <CanvasPlot height={statusHeight(bands)} label={historySentence(spans)} draw={draw} />
      <HistoryPlots columns={columns} bands={bands} onRow={setRow} {...(recording && { recording })} />
      <footer>
        <ul class="legend">
          {recording === undefined && <li data-mark="chaos">chaos</li>}
          <li data-mark="fault">fault</li>
          {bands.some(({ isNote }) => isNote) && <li data-mark="note">fault, only worth a look</li>}
        </ul>
        <span class="aside">Lines break where nothing is known.{recording && ' A click goes to that moment.'}</span>
      </footer>
    </section>
  );
}
