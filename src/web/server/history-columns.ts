import type { ServerHistory } from '../../wire/api/history.ts';

/** Time between two verdicts. */
export const VERDICT_SECONDS = 1;
/** More time than this between two verdicts, and what was in between is not known. */
const GAP_SECONDS = 2.5 * VERDICT_SECONDS;

type Column = (number | null)[];

/** A server's past as columns over one time axis, in the units in which they are drawn. */
export interface HistoryColumns {
  readonly seconds: number[];
  /** Percent. */
  readonly error: Column;
  readonly loss: Column;
  /** Milliseconds. */
  readonly delay: Column;
  readonly jitter: Column;
}

/** Columns of a history; where time is missing, a row of nulls breaks the lines. */
export function historyColumns(history: ServerHistory): HistoryColumns {
  const columns: HistoryColumns = { seconds: [], error: [], loss: [], delay: [], jitter: [] };
  let previous = -Infinity;
  history.timestamps.forEach((at, index) => {
    // An axis of time does not go back: a clock that was set back begins behind what it overtakes.
    if (at <= previous) return;
    if (at - previous > GAP_SECONDS && previous !== -Infinity) push(columns, previous + GAP_SECONDS / 2, null);
    push(columns, at, {
      error: times(history.spectral_error[index], 100),
      loss: times(history.loss_ratio[index], 100),
      delay: times(history.delay_seconds[index], 1000),
      jitter: times(history.jitter_seconds[index], 1000),
    });
    previous = at;
  });
  return columns;
}

type Row = Readonly<Record<'error' | 'loss' | 'delay' | 'jitter', number | null>>;

function push(columns: HistoryColumns, at: number, row: Row | null): void {
  columns.seconds.push(at);
  columns.error.push(row?.error ?? null);
  columns.loss.push(row?.loss ?? null);
  columns.delay.push(row?.delay ?? null);
  columns.jitter.push(row?.jitter ?? null);
}

function times(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined ? null : value * factor;
}
