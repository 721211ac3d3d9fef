const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Reads `500ms`, `30s`, `5m`, `2h`, or a plain number of seconds. Returns seconds, or null if it is none of these. */
export function parseDuration(input: string | number): number | null {
  if (typeof input === 'number') return Number.isFinite(input) && input >= 0 ? input : null;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(input);
  if (!match) return null;
  const [, count, unit = 's'] = match;
  // Milliseconds are divided, because 0.001 is no exact binary fraction: 500 / 1000 is 0.5, 3 × 0.001 is not 0.003.
  const seconds = unit === 'ms' ? Number(count) / 1000 : Number(count) * (UNIT_SECONDS[unit] ?? NaN);
  return Number.isFinite(seconds) ? seconds : null;
}
