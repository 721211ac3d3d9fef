import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { boundedLabelValue } from './exposition.ts';
import type { LabelValues } from './exposition.ts';
import { metricDefinition } from './table.ts';
import type { LabelsOf, MetricName } from './table.ts';

/** Arguments of a metric: its labels, only where it has any, then the rest. */
type WithLabels<N extends MetricName, Rest extends readonly unknown[]> = [keyof LabelsOf<N>] extends [never]
  ? Rest
  : [labels: LabelsOf<N>, ...Rest];

export interface CounterInstrument<N extends MetricName> {
  /** Adds one, or `by` ≥ 0. Throws on a label or a value of one that is not in the table. */
  inc(...args: WithLabels<N, [by?: number]>): void;
}

export interface GaugeInstrument<N extends MetricName> {
  set(...args: WithLabels<N, [value: number]>): void;
  /** Adds one, or `by`, which may be negative. */
  add(...args: WithLabels<N, [by?: number]>): void;
}

export interface HistogramInstrument<N extends MetricName> {
  /** Records one observation, in the metric's unit. */
  observe(...args: WithLabels<N, [value: number]>): void;
}

/** A counter of the table in a prom-client registry. Series of listed label values begin at 0, so that rates see the first. */
export function createCounter<N extends MetricName>(name: N, registry: Registry): CounterInstrument<N> {
  const counter = new Counter(configuration(name, registry));
  for (const labels of listedLabelSets(name)) counter.inc(labels, 0);
  return { inc: (...args) => counter.inc(...splitLabels(name, args, 1)) };
}

export function createGauge<N extends MetricName>(name: N, registry: Registry): GaugeInstrument<N> {
  const gauge = new Gauge(configuration(name, registry));
  return {
    set: (...args) => gauge.set(...splitLabels(name, args, 0)),
    add: (...args) => gauge.inc(...splitLabels(name, args, 1)),
  };
}

export function createHistogram<N extends MetricName>(name: N, registry: Registry): HistogramInstrument<N> {
  const { buckets } = metricDefinition(name);
  const histogram = new Histogram({ ...configuration(name, registry), buckets: [...buckets] });
  return { observe: (...args) => histogram.observe(...splitLabels(name, args, 0)) };
}

function configuration(name: MetricName, registry: Registry) {
  const { help, labels } = metricDefinition(name);
  return { name, help, labelNames: Object.keys(labels), registers: [registry] };
}

/** Checks the labels against the table and puts them apart from the number. */
function splitLabels(name: MetricName, args: readonly unknown[], absent: number): [Record<string, string>, number] {
  const domains = Object.entries(metricDefinition(name).labels);
  const given = domains.length === 0 ? {} : args[0];
  if (!isLabelValues(given)) throw new TypeError(`${name}: its labels are missing`);
  const unknown = Object.keys(given).find((label) => !domains.some(([known]) => known === label));
  if (unknown !== undefined) throw new Error(`${name} has no label ${unknown}`);
  const number = args[domains.length === 0 ? 0 : 1] ?? absent;
  if (typeof number !== 'number') throw new TypeError(`${name}: ${typeof number} given where a number is due`);
  const checked = domains.map(([label, domain]) => {
    const value = boundedLabelValue({ metric: name, name: label, domain }, given[label]);
    return [label, value] as const;
  });
  return [Object.fromEntries(checked), number];
}

function isLabelValues(given: unknown): given is LabelValues {
  return typeof given === 'object' && given !== null;
}

/** Every set of labels of a metric that has exactly one label, with its values listed; otherwise none. */
function listedLabelSets(name: MetricName): readonly Record<string, string>[] {
  const [first, ...others] = Object.entries(metricDefinition(name).labels);
  if (first === undefined || others.length > 0) return [];
  const [label, domain] = first;
  return typeof domain === 'string' ? [] : domain.map((value) => ({ [label]: value }));
}
