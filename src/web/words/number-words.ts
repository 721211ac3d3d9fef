import { secondsText } from '../../words/figure-words.ts';

/** What stands for a value that is not known. */
export const UNKNOWN = '–';

/** Between a number and its unit: they never stand on two lines. */
export const NARROW_SPACE = '\u202f';

/** A number with three significant digits and a true minus: `0.00123`, `21.3`, `1230`. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  // Below a millionth nothing here is meant: it would be read as an exponent.
  if (size < 1e-6) return '0';
  const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(size * (1 + 5e-4))), 0), 8);
  return (size >= 1000 ? String(Math.round(value)) : value.toFixed(decimals)).replace('-', '−');
}

/** A round value at an axis: as short as it can be, with a true minus. */
export function tickWords(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}

/** A value with its unit, which never stands alone on a line. */
export function withUnit(value: number | null, unit: string): string {
  return value === null ? UNKNOWN : `${threeDigits(value)}${NARROW_SPACE}${unit}`;
}

/** A share as percent: `21.3 %`. */
export function percentWords(ratio: number | null): string {
  return withUnit(ratio === null ? null : ratio * 100, '%');
}

/** A span of time: `12.3 µs`, `4.56 ms`, `5.00 s`, `3.2 min`. */
export function spanWords(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const size = Math.abs(seconds);
  if (size < 0.0009995) return withUnit(seconds * 1e6, 'µs');
  if (size < 0.9995) return withUnit(seconds * 1e3, 'ms');
  return size < 119.5 ? withUnit(seconds, 's') : withUnit(seconds / 60, 'min');
}

/** A period read off a spectrum, with two digits: a window of seconds knows it no better. `5.0 s`. */
export function periodWords(seconds: number): string {
  const [size, unit] = seconds < 0.995 ? [seconds * 1000, 'ms'] : [seconds, 's'];
  const text = size < 9.95 ? size.toFixed(1) : String(Number(size.toPrecision(2)));
  return `${text}${NARROW_SPACE}${unit}`;
}

/** A number that may go either way, with its sign: `+4.56 ms`. */
export function signed(text: string): string {
  return /^[0-9]/.test(text) && !/^0\D*$/.test(text) ? `+${text}` : text;
}

/** How long ago, in whole units: `4 s`, `3 min`, `2 h`. A negative span, of clocks that differ, is 0 s. */
export function agoWords(seconds: number): string {
  const span = Math.max(0, seconds);
  if (span < 119.5) return `${Math.round(span)}${NARROW_SPACE}s`;
  return span < 7200 ? `${Math.round(span / 60)}${NARROW_SPACE}min` : `${Math.round(span / 3600)}${NARROW_SPACE}h`;
}

/** How long something lasted: `0.40 s`, `12 s`, `4 min`. */
export function durationWords(seconds: number): string {
  return seconds < 9.95 ? secondsText(Math.max(0, seconds), NARROW_SPACE) : agoWords(seconds);
}

/** Local time of day with seconds: `12:03:11`. */
export function timeWords(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
