/** Who exposes a metric on its `/metrics`. */
export type Role = 'agent' | 'rack' | 'datacenter';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * The values a label may take: a list of them, or in words what bounds them. In a list that has `other`, every value
 * that is not in the list is exposed as `other`; in one without, such a value is an error.
 */
export type LabelDomain = readonly string[] | string;

/** One row of the table of metrics. */
export interface MetricDefinition {
  readonly type: MetricType;
  readonly roles: readonly Role[];
  /** Label names, in the order of exposition, each with the values it may take. */
  readonly labels: Readonly<Record<string, LabelDomain>>;
  /** The unit of the value, in words. */
  readonly unit: string;
  readonly help: string;
  /** Upper bounds of a histogram's buckets, ascending, without +Inf; empty for the other types. */
  readonly buckets: readonly number[];
}

/** What a metric is of: the roles that expose it, and the labels that tell its series apart. */
export interface Scope {
  readonly roles: readonly Role[];
  readonly labels: Readonly<Record<string, LabelDomain>>;
}

/** A value that only ever grows, until its process restarts. */
export function counter<const S extends Scope>(scope: S, unit: string, help: string): Row<S, 'counter'> {
  return { ...scope, type: 'counter', unit, help, buckets: [] };
}

/** A value that goes up and down. */
export function gauge<const S extends Scope>(scope: S, unit: string, help: string): Row<S, 'gauge'> {
  return { ...scope, type: 'gauge', unit, help, buckets: [] };
}

/** A distribution. `measure` gives the unit and the upper bounds of the buckets in it, ascending, without +Inf. */
export function histogram<const S extends Scope>(
  scope: S,
  measure: { readonly unit: string; readonly buckets: readonly number[] },
  help: string,
): Row<S, 'histogram'> {
  return { ...scope, type: 'histogram', ...measure, help };
}

type Row<S extends Scope, T extends MetricType> = S & {
  readonly type: T;
  readonly unit: string;
  readonly help: string;
  readonly buckets: readonly number[];
};
