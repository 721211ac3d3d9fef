import type { HistoryColumns } from './history-columns.ts';
import { agoWords, spanWords, timeWords, withUnit } from '../words/number-words.ts';
import type { StatusSpan, TimeBand } from './time-bands.ts';

/** A moment of the past in words; null where none is chosen or nothing is known of it. */
export function historyWords(columns: HistoryColumns, row: number | null): string | null {
  const at = row === null ? undefined : columns.seconds[row];
  if (row === null || at === undefined) return null;
  const [delay, jitter] = [columns.delay[row] ?? null, columns.jitter[row] ?? null];
  return [
    timeWords(at),
    `error ${withUnit(columns.error[row] ?? null, '%')}`,
    `loss ${withUnit(columns.loss[row] ?? null, '%')}`,
    `delay ${spanWords(delay === null ? null : delay / 1000)}`,
    `jitter ${spanWords(jitter === null ? null : jitter / 1000)}`,
  ].join(' · ');
}

/** What was injected, and what was heard: of each the newest, or that which still lasts; empty when nothing was. */
export function bandsSentence(bands: readonly TimeBand[]): string {
  return (['chaos', 'fault'] as const)
    .flatMap((kind) => newestOf(bands.filter((band) => band.kind === kind)))
    .map(({ kind, label, from, until }) => {
      const end = until === null ? 'until now' : `to ${timeWords(until)}`;
      return `${kind} ${label}, ${timeWords(from)} ${end}`;
    })
    .join('; ');
}

function newestOf(bands: readonly TimeBand[]): readonly TimeBand[] {
  const lasting = bands.filter(({ until }) => until === null);
  return (lasting.length > 0 ? lasting : bands).slice(-1);
}

/** How long a server had each status, for those who do not see it. */
export function historySentence(spans: readonly StatusSpan[]): string {
  if (spans.length === 0) return 'No past is known yet.';
  const seconds = new Map<string, number>();
  for (const { status, from, until } of spans) seconds.set(status, (seconds.get(status) ?? 0) + until - from);
  const parts = [...seconds].map(([status, time]) => `${status} for ${agoWords(time)}`);
  return `Status over the last 15 minutes: ${parts.join(', ')}.`;
}
