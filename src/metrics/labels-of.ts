import type { METRICS, MetricName } from './table.ts';

// A list with `other` takes any string, a list without only its own values, a label bounded in words any value.
type LabelValue<D> = D extends readonly (infer V)[] ? ('other' extends V ? string : V) : string | number;

/** The labels of a metric, every one of them. */
export type LabelsOf<N extends MetricName> = {
  readonly [L in keyof (typeof METRICS)[N]['labels']]: LabelValue<(typeof METRICS)[N]['labels'][L]>;
};
