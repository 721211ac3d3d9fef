/** Between a number and its unit. A page takes a narrow space that does not break, a terminal this. */
export const UNIT_SPACE = ' ';

/** A number with two significant digits, of a hundred and more all before the point, and a true minus: `0.052`, `5.2`, `137`. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  // Below a millionth nothing here is meant: it would be read as an exponent.
  if (size < 1e-6) return '0';
  const decimals = Math.min(Math.max(1 - Math.floor(Math.log10(size * (1 + 5e-3))), 0), 7);
  return value.toFixed(decimals).replace('-', '−');
}

/** A share as percent: `5.2 %`. */
export function shareText(ratio: number, space = UNIT_SPACE): string {
  return `${figureText(ratio * 100)}${space}%`;
}

/** A span of time in the unit it reads best in: `85 µs`, `5.0 ms`, `300 ms`, `1.2 s`, `4.0 min`. */
export function secondsText(seconds: number, space = UNIT_SPACE): string {
  const size = Math.abs(seconds);
  if (size < 0.0000995) return `${figureText(seconds * 1e6)}${space}µs`;
  if (size < 0.9995) return `${figureText(seconds * 1e3)}${space}ms`;
  return size < 119.5 ? `${figureText(seconds)}${space}s` : `${figureText(seconds / 60)}${space}min`;
}

/** A period, which is known better than two digits say: `5.0 s`, `12.5 s`, `2.5 min`. */
export function periodText(seconds: number, space = UNIT_SPACE): string {
  if (seconds < 0.9995) return secondsText(seconds, space);
  const [value, unit] = seconds < 119.95 ? [seconds, 's'] : [seconds / 60, 'min'];
  return `${value.toFixed(1)}${space}${unit}`;
}

/** With its sign, also where that is a plus: `+5.0 ms`. */
export function signedText(value: number, text: (value: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}
