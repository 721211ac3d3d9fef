/** What stands for a value that is not known. */
export const UNKNOWN = '–';

/** Spectral error with 3 decimals: `0.420`, `0.012`, `1.000`. 5 columns. */
export function errorText(error: number | null): string {
  return error === null ? UNKNOWN : error.toFixed(3);
}

/** Signal to noise ratio in dB, one decimal. Up to 5 columns. */
export function snrText(snrDb: number | null): string {
  if (snrDb === null) return UNKNOWN;
  if (!Number.isFinite(snrDb)) return snrDb > 0 ? '∞' : '−∞';
  return Math.abs(snrDb) < 999 ? minus(snrDb.toFixed(snrDb <= -100 ? 0 : 1)) : minus(snrDb.toPrecision(1));
}

/** A share as percent, one decimal below 100. Up to 4 columns. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return UNKNOWN;
  const percent = (ratio * 100).toFixed(1);
  return percent === '100.0' ? '100' : percent;
}

/** A duration in ms with 3 digits. Up to 4 columns below ten seconds. */
export function millisecondsText(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const ms = seconds * 1000;
  if (ms < 9.995) return ms.toFixed(2);
  return ms < 99.95 ? ms.toFixed(1) : ms.toFixed(0);
}

/** A score with 3 decimals. */
export function scoreText(score: number | null): string {
  return score === null ? UNKNOWN : score.toFixed(3);
}

/** Time of day of Unix seconds in the local time zone: `12:03:11`. */
export function timeText(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A span of time in one unit: `0.1 s`, `42 s`, `3 min`, `5 h`, `2 d`. A negative one, of clocks that differ, is 0. */
export function durationText(seconds: number): string {
  const span = Math.max(0, seconds);
  if (span < 9.95) return `${span.toFixed(1)} s`;
  if (span < 119.5) return `${Math.round(span)} s`;
  if (span < 7200) return `${Math.round(span / 60)} min`;
  return span < 172_800 ? `${Math.round(span / 3600)} h` : `${Math.round(span / 86_400)} d`;
}

/** `1 rack`, `4 racks`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
