/** What a user writes for a time, a share, a rate or a count. Each gives null for what it does not understand. */

/** How many of each are in a second. */
const TIME_UNITS = new Map([
  ['s', 1],
  ['ms', 1e3],
  ['us', 1e6],
]);

/** As tc has them: `bit` are bits per second, `bps` are bytes per second. */
const RATE_UNITS = new Map([
  ['bit', 1],
  ['kbit', 1e3],
  ['mbit', 1e6],
  ['gbit', 1e9],
  ['bps', 8],
  ['kbps', 8e3],
  ['mbps', 8e6],
  ['gbps', 8e9],
]);

const NUMBER_AND_UNIT = /^(\d{1,20}(?:\.\d{1,20})?) ?([a-z%]*)$/i;

/** `200ms`, `1.5s`, `500us`, `0`. In seconds, to the microsecond; 'unitless' for a number alone other than 0. */
export function parseTime(text: string | number): number | 'unitless' | null {
  const { count, unit } = splitQuantity(text) ?? {};
  if (count === undefined || unit === undefined) return null;
  if (unit === '') return count === 0 ? 0 : 'unitless';
  const perSecond = TIME_UNITS.get(unit.toLowerCase());
  return perSecond === undefined ? null : Math.round((count * 1e6) / perSecond) / 1e6;
}

/** `20`, `20%`, `0.5 %`, or a number: per cent. The ratio, 0.2 for 20, with 12 decimals; not held to any range. */
export function parsePercent(text: string | number): number | null {
  const { count, unit } = splitQuantity(text) ?? {};
  return count !== undefined && (unit === '' || unit === '%') ? roundRatio(count / 100) : null;
}

/** To 12 decimals, far below netem's steps of 2^-32: takes away the tails that shares of a hundred have. */
export function roundRatio(ratio: number): number {
  return Math.round(ratio * 1e12) / 1e12;
}

/** `1mbit`, `500kbit`, `128kbps` (kilobytes). In bits per second; 'unitless' for a number alone. */
export function parseRate(text: string | number): number | 'unitless' | null {
  const { count, unit } = splitQuantity(text) ?? {};
  if (count === undefined || unit === undefined) return null;
  if (unit === '') return 'unitless';
  const scale = RATE_UNITS.get(unit.toLowerCase());
  return scale === undefined ? null : Math.round(count * scale);
}

/** A whole number from 0. */
export function parseCount(text: string | number): number | null {
  const { count, unit } = splitQuantity(text) ?? {};
  return count !== undefined && unit === '' && Number.isSafeInteger(count) ? count : null;
}

function splitQuantity(text: string | number): { count: number; unit: string } | null {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? { count: text, unit: '' } : null;
  const [, count, unit = ''] = NUMBER_AND_UNIT.exec(text.trim()) ?? [];
  return count === undefined ? null : { count: Number(count), unit };
}
