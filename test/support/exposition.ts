type Labels = Readonly<Record<string, string | number>>;

/** What a `/metrics` says. Labels may be asked for in any order. */
export interface Exposition {
  /** The value of the series that has exactly these labels, or null when it is not exposed. */
  readonly value: (name: string, labels?: Labels) => number | null;
  /** The value of a series written as it is exposed, `name{label="text"}`, or null when it is not. */
  readonly series: (written: string) => number | null;
  /** The values of all series of a metric that have at least these labels. */
  readonly values: (name: string, labels?: Labels) => readonly number[];
  /** The sum of those; 0 when there is none. */
  readonly sum: (name: string, labels?: Labels) => number;
}

interface Series {
  readonly name: string;
  /** `label=text` */
  readonly pairs: ReadonlySet<string>;
}

/** Reads the Prometheus text format. */
export function parseExposition(text: string): Exposition {
  const exposed = text.split('\n').flatMap((line) => {
    const space = line.lastIndexOf(' ');
    const series = parseSeries(line.slice(0, space));
    return series === null ? [] : [{ ...series, value: Number(line.slice(space + 1).replace('Inf', 'Infinity')) }];
  });
  const find = ({ name, pairs }: Series) =>
    exposed.filter((each) => each.name === name && [...pairs].every((pair) => each.pairs.has(pair)));
  const exactly = (series: Series): number | null =>
    find(series).find(({ pairs }) => pairs.size === series.pairs.size)?.value ?? null;
  const values: Exposition['values'] = (name, labels) => find(seriesOf(name, labels)).map(({ value }) => value);
  return {
    value: (name, labels) => exactly(seriesOf(name, labels)),
    series(written) {
      const series = parseSeries(written);
      if (series === null) throw new Error(`"${written}" is not a series`);
      return exactly(series);
    },
    values,
    sum: (name, labels) => values(name, labels).reduce((sum, value) => sum + value, 0),
  };
}

function seriesOf(name: string, labels: Labels = {}): Series {
  return { name, pairs: new Set(Object.entries(labels).map(([label, text]) => `${label}=${text}`)) };
}

function parseSeries(written: string): Series | null {
  const [, name, labels = ''] = /^([a-z_0-9]+)(?:\{(.*)\})?$/.exec(written) ?? [];
  if (name === undefined) return null;
  const pairs = Array.from(
    labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g),
    ([, label, value]) => `${label}=${value}`,
  );
  return { name, pairs: new Set(pairs) };
}
