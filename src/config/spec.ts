import * as v from 'valibot';
import type { Field } from './fields.ts';

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What the fields of a role give once each has been checked on its own. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Something that must hold between several keys. */
export interface Rule<V> {
  /** The keys it speaks of; the message names those that were given. */
  readonly keys: readonly (keyof V & string)[];
  /** What is wrong, or null. */
  broken(values: V): string | null;
}

/** Everything there is to know of one role's configuration. */
export interface ConfigSpec<F extends Fields, C> extends SpecKeys {
  readonly fields: F;
  readonly schema: v.GenericSchema<unknown, ValuesOf<F>>;
  readonly rules: readonly Rule<ValuesOf<F>>[];
  /** From checked values to what the role works with: units in the names, texts parsed. */
  resolve(values: ValuesOf<F>): C;
}

/** The part of a spec that says which keys there are, the same type for every role. */
export interface SpecKeys {
  readonly role: string;
  /** False for a role that takes nothing from the environment. */
  readonly readsEnvironment: boolean;
  readonly fields: Fields;
}

/** Makes a role's strict schema out of its fields. */
export function defineSpec<F extends Fields, C>(parts: Omit<ConfigSpec<F, C>, 'schema'>): ConfigSpec<F, C> {
  const entries = Object.fromEntries(Object.entries(parts.fields).map(([key, { schema }]) => [key, schema]));
  // oxlint-disable-next-line no-unsafe-type-assertion -- Object.fromEntries forgets which key has which type
  return { ...parts, schema: v.strictObject(entries) as unknown as v.GenericSchema<unknown, ValuesOf<F>> };
}
