import { setImmediate } from 'node:timers/promises';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { MetricType, Role } from './definition.ts';
import { createMetricWriter } from './exposition.ts';
import type { MetricWriter, SourcedHistogram, SourcedValue } from './exposition.ts';
import type { LabelsOf } from './labels-of.ts';
import { isMetricName, metricDefinition, metricNames } from './table.ts';
import type { MetricName, MetricNameOf } from './table.ts';

/**
 * The metrics of one process: sources, which are read at every scrape so that nothing is held for each series, and only
 * for metrics of the table that the role exposes. A name of another type or role is a type error, and thrown as an
 * error; so is providing a metric twice.
 */
export interface MetricsRegistry<R extends Role = Role> {
  /** The `Content-Type` of `text()`. */
  readonly contentType: string;
  /**
   * Exposes what `read` gives at each scrape. Each item is written before the next is asked for, so one object may be
   * yielded again and again; between two items other code may run. What `read` throws fails the scrape.
   */
  source<N extends MetricNameOf<R, 'counter' | 'gauge'>>(
    name: N,
    read: () => Iterable<SourcedValue<LabelsOf<N>>>,
  ): void;
  /** The same for a histogram. */
  histogramSource<N extends MetricNameOf<R, 'histogram'>>(
    name: N,
    read: () => Iterable<SourcedHistogram<LabelsOf<N>>>,
  ): void;
  /** Metrics of the role that have no source yet. */
  unprovided(): readonly MetricName[];
  /** The exposition, in the table's order. Lets other work run in between, so that a scrape is never a long pause. */
  text(): Promise<string>;
}

/** The lines of one metric in pieces; the scrape pauses after each. */
type Pieces = Iterable<string>;

// At about 1 µs a line, and 12 lines for a series of a histogram, this is some 1.5 ms between two pauses.
const SERIES_IN_A_PIECE = 128;

// Gauges whose names end in _total, against the naming rules; each has a twin by type without the suffix.
const MISNAMED_PROCESS_METRICS = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/**
 * Creates the registry of a role, with `netwatch_build_info` set and, unless `processMetrics` is false, the process
 * metrics of prom-client.
 */
export function createRegistry<const R extends Role>(
  role: R,
  version: string,
  { processMetrics = true }: { readonly processMetrics?: boolean } = {},
): MetricsRegistry<R> {
  const processRegistry = processMetrics ? createProcessMetrics() : null;
  const provided = new Map<MetricName, () => Pieces>();

  function provide(name: MetricName, types: readonly MetricType[], read: () => Pieces): void {
    assertInTable(name, role, types);
    if (provided.has(name)) throw new Error(`${name} is provided already`);
    provided.set(name, read);
  }
  provide('netwatch_build_info', ['gauge'], () =>
    values('netwatch_build_info', () => [{ labels: { version, role }, value: 1 }]),
  );

  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    source: (name, read) => provide(name, ['counter', 'gauge'], () => values(name, read)),
    histogramSource: (name, read) => provide(name, ['histogram'], () => histograms(name, read)),
    unprovided: () => metricNames(role).filter((name) => !provided.has(name)),
    text: async () => {
      const metrics = metricNames(role).flatMap((name) => provided.get(name) ?? []);
      return (await expose(metrics)) + ((await processRegistry?.metrics()) ?? '');
    },
  };
}

function createProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED_PROCESS_METRICS) registry.removeSingleMetric(name);
  return registry;
}

async function expose(metrics: readonly (() => Pieces)[]): Promise<string> {
  const written: string[] = [];
  for (const read of metrics) {
    for (const piece of read()) {
      written.push(piece, '\n');
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      await setImmediate();
    }
  }
  return written.join('');
}

function values(name: MetricName, read: () => Iterable<SourcedValue>): Iterable<string> {
  const writer = createMetricWriter(name, metricDefinition(name));
  return pieces(writer, read(), (series) => writer.value(series));
}

function histograms(name: MetricName, read: () => Iterable<SourcedHistogram>): Iterable<string> {
  const writer = createMetricWriter(name, metricDefinition(name));
  return pieces(writer, read(), (series) => writer.histogram(series));
}

function* pieces<S>(writer: MetricWriter, all: Iterable<S>, write: (series: S) => string | null): Iterable<string> {
  let lines = [writer.header()];
  for (const series of all) {
    const line = write(series);
    if (line !== null) lines.push(line);
    if (lines.length < SERIES_IN_A_PIECE) continue;
    yield lines.join('\n');
    lines = [];
  }
  if (lines.length > 0) yield lines.join('\n');
}

// The types say the same; this is for callers who got past them.
function assertInTable(name: string, role: Role, types: readonly MetricType[]): void {
  if (!isMetricName(name)) throw new Error(`${name} is not in the table of metrics`);
  const definition = metricDefinition(name);
  if (!definition.roles.includes(role)) throw new Error(`${name} is not a metric of the ${role}`);
  if (!types.includes(definition.type)) throw new Error(`${name} is a ${definition.type}, not a ${types.join(' or ')}`);
}
