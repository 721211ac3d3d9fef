import type { ServerFeed } from '../store/server-feed.ts';
import { binAt, type CentredSpectrum } from './frequency-axis.ts';
import { timeWords, UNKNOWN } from '../words/number-words.ts';
import { readingWords } from './spectrum-words.ts';
import { readWaterfall } from './waterfall-rows.ts';

/** Where something is read: an offset from the tone, and in the waterfall how long before the newest frame. */
export interface SpectrumCursor {
  readonly hz: number;
  readonly ageSeconds: number | null;
}

/** What is read at the cursor, in words; of when the newest is where nothing is read. */
export function cursorWords(
  { frame, frames }: Pick<ServerFeed, 'frame' | 'frames'>,
  spectrum: CentredSpectrum | null,
  cursor: SpectrumCursor | null,
): string {
  if (cursor === null || spectrum === null || frame === null) {
    return frame === null ? '' : `newest ${timeWords(frame.timestamp)}`;
  }
  if (cursor.ageSeconds !== null) {
    const timestamp = frame.timestamp - cursor.ageSeconds;
    const read = readWaterfall(frames, { timestamp, offsetHz: cursor.hz });
    return `${timeWords(timestamp)} · ${read === null ? 'nothing seen' : readingWords(read, spectrum)}`;
  }
  const bin = binAt(spectrum, cursor.hz);
  if (bin === null) return UNKNOWN;
  return readingWords({ offsetHz: spectrum.offsetsHz[bin] ?? 0, powerDb: spectrum.powerDb[bin] ?? 0 }, spectrum);
}

/** Arrow keys go from bin to bin and, in the waterfall, from second to second. Null: another key. */
export function moveCursor(
  cursor: SpectrumCursor | null,
  {
    name,
    spectrum,
    span,
    downSeconds,
  }: {
    readonly name: string;
    readonly spectrum: CentredSpectrum;
    readonly span: number;
    /** Time that the waterfall shows. */
    readonly downSeconds: number;
  },
): SpectrumCursor | null {
  const across = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[name];
  const down = { ArrowUp: -1, ArrowDown: 1 }[name];
  if (across === undefined && down === undefined) return null;
  const hz = (cursor?.hz ?? 0) + (across ?? 0) * spectrum.binWidthHz;
  const age = down === undefined ? (cursor?.ageSeconds ?? null) : Math.max(-1, (cursor?.ageSeconds ?? -1) + down);
  return {
    hz: Math.min(Math.max(hz, -span), span),
    ageSeconds: age === null || age < 0 ? null : Math.min(age, downSeconds),
  };
}
