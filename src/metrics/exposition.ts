// The Prometheus text format, version 0.0.4, for series that are read at scrape time and never stored.
// https://prometheus.io/docs/instrumenting/exposition_formats/

import type { LabelDomain, MetricDefinition } from './definition.ts';

/** One series of a counter or a gauge. Null or NaN: not known, nothing is exposed. */
export interface SourcedValue<Labels = LabelValues> {
  readonly labels: Labels;
  readonly value: number | null;
}

/** One series of a histogram. */
export interface SourcedHistogram<Labels = LabelValues> {
  readonly labels: Labels;
  /** Observations in each bucket of the table, not cumulative; those above the last bound are only in `count`. */
  readonly bucketCounts: ArrayLike<number>;
  /** Sum of all observations, in the metric's unit. */
  readonly sum: number;
  /** Number of all observations. */
  readonly count: number;
}

export type LabelValues = Readonly<Record<string, string | number>>;

/** Writes the lines of one metric. */
export interface MetricWriter {
  /** `# HELP` and `# TYPE`, without a final newline. */
  header(): string;
  /** The line of a series, or null when its value is not known. Throws when a label is missing or out of its list. */
  value(series: SourcedValue): string | null;
  /** The lines of a series of a histogram. Throws likewise, and when the buckets are not those of the table. */
  histogram(series: SourcedHistogram): string;
}

export function createMetricWriter(name: string, definition: MetricDefinition): MetricWriter {
  const domains = Object.entries(definition.labels).map(([label, domain]) => createLabelWriter(name, label, domain));
  const format = (labels: LabelValues): string => domains.map((write) => write(labels)).join(',');
  return {
    header: () => `# HELP ${name} ${escapeHelp(definition.help)}\n# TYPE ${name} ${definition.type}`,
    value: ({ labels, value }) => {
      if (value === null || Number.isNaN(value)) return null;
      const formatted = format(labels);
      return `${name}${formatted === '' ? '' : `{${formatted}}`} ${formatValue(value)}`;
    },
    histogram: (series) => histogramLines(name, definition.buckets, { series, labels: format(series.labels) }),
  };
}

/** Whether a label may have this value, or is bounded in words only. */
function isInDomain(domain: LabelDomain, value: string | number): boolean {
  return typeof domain === 'string' || domain.includes(String(value));
}

/** The value to expose: itself, or `other` where the list provides it. Throws when the list has neither. */
function boundedLabelValue(
  label: { readonly metric: string; readonly name: string; readonly domain: LabelDomain },
  value: string | number | undefined,
): string {
  const { metric, name, domain } = label;
  if (value === undefined) throw new Error(`${metric}: the label ${name} is missing`);
  if (isInDomain(domain, value)) return String(value);
  if (isInDomain(domain, 'other')) return 'other';
  throw new Error(`${metric}: ${name}="${value}" is none of ${String(domain)}`);
}

function createLabelWriter(metric: string, name: string, domain: LabelDomain): (labels: LabelValues) => string {
  const label = { metric, name, domain };
  return (labels) => {
    const value = labels[name];
    // The ids make up nearly all labels of a scrape, and a number needs neither a check nor escaping.
    if (typeof value === 'number' && typeof domain === 'string') return `${name}="${value}"`;
    return `${name}="${escapeLabelValue(boundedLabelValue(label, value))}"`;
  };
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { series, labels }: { readonly series: SourcedHistogram; readonly labels: string },
): string {
  if (series.bucketCounts.length !== bounds.length) {
    throw new Error(`${name}: ${series.bucketCounts.length} bucket counts, the table has ${bounds.length} buckets`);
  }
  const bucket = `${name}_bucket{${labels}${labels === '' ? '' : ','}le="`;
  const braces = labels === '' ? '' : `{${labels}}`;
  let cumulative = 0;
  let lines = '';
  for (const [index, bound] of bounds.entries()) {
    cumulative += series.bucketCounts[index] ?? 0;
    lines += `${bucket}${bound}"} ${cumulative}\n`;
  }
  lines += `${bucket}+Inf"} ${series.count}\n`;
  return `${lines}${name}_sum${braces} ${formatValue(series.sum)}\n${name}_count${braces} ${series.count}`;
}

function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabelValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}
