/** The value of a series, or null when it is not exposed. */
export type ExposedValue = (name: string, labels?: Readonly<Record<string, string | number>>) => number | null;

/** Reads the Prometheus text format; labels may be asked for in any order. */
export function parseExposition(text: string): ExposedValue {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const pairs = Array.from(labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g), ([, key, label]) => `${key}=${label}`);
    values.set(seriesKey(name, pairs), Number(value.replace('Inf', 'Infinity')));
  }
  return (name, labels = {}) => {
    const pairs = Object.entries(labels).map(([key, label]) => `${key}=${label}`);
    return values.get(seriesKey(name, pairs)) ?? null;
  };
}

function seriesKey(name: string, pairs: readonly string[]): string {
  return [name, ...pairs.toSorted()].join('\n');
}
