import * as v from 'valibot';
import { parseFrequencyPlan } from '../core/frequency-plan.ts';
import { MAX_LABELS } from '../wire/text-limits.ts';
import { parseDuration } from './duration.ts';
import { parseLabels, MAX_LABELS_BYTES, type Labels } from './labels.ts';
import { isNameTemplate, MAX_NAME_BYTES } from './name-template.ts';
import { MAX_LISTED_SERVERS, parseServerList } from './server-list.ts';

/**
 * A kind of value: what is accepted, and what it becomes. One schema serves flags and environment (strings) and the
 * config file (JSON values); what it gives is accepted again as input, so a printed configuration is a config file.
 */
export interface Kind<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  readonly type: 'string' | 'boolean';
  /** True when the flag may be given several times. */
  readonly repeatable: boolean;
  /** Ends the sentence "allowed: …". */
  readonly allowed: string;
}

export interface FieldAbout {
  /** One line for `--help`. */
  readonly description: string;
  /** Used when no source gives the key; goes through the schema like any other input. */
  readonly initial: string | number | boolean | null;
  /** How help shows the default, when it is not simply the value. */
  readonly defaultText?: string;
  /** Overrides the environment name that the key would give. */
  readonly environmentName?: string;
  /** More flag names, without dashes. */
  readonly aliases?: readonly string[];
  /** Takes the place of the default when this other key was given and this one was not. */
  readonly derive?: { readonly from: string; readonly convert: (value: unknown) => unknown };
}

export type Field<T> = Kind<T> & FieldAbout;

/** One configuration key: a kind of value with its description and default. */
export function field<T>(valueKind: Kind<T>, about: FieldAbout): Field<T> {
  return { ...valueKind, ...about };
}

/** The same kind, or nothing (null), which is what its default may then be. */
export function orNone<T>(valueKind: Kind<T>): Kind<T | null> {
  return { ...valueKind, schema: v.nullable(valueKind.schema) };
}

const decimal = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(v.string(), v.regex(/^-?\d+(?:\.\d+)?$/), v.transform(Number)),
]);

export function wholeNumber(min: number, max: number): Kind<number> {
  const schema = v.pipe(decimal, v.integer(), v.minValue(min), v.maxValue(max));
  return kind(schema, `a whole number from ${min} to ${max}`);
}

export function number(min: number, max: number): Kind<number> {
  return kind(v.pipe(decimal, v.minValue(min), v.maxValue(max)), `a number from ${min} to ${max}`);
}

export function powerOfTwo(min: number, max: number): Kind<number> {
  const schema = v.pipe(decimal, v.minValue(min), v.maxValue(max), v.check(isPowerOfTwo));
  return kind(schema, `a power of two from ${min} to ${max}`);
}

export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return kind(v.picklist(values), values.join(', '));
}

/** A duration in seconds, between two durations written as the user would. */
export function duration(min: string, max: string): Kind<number> {
  const low = parseDuration(min) ?? 0;
  const high = parseDuration(max) ?? Infinity;
  const schema = converted((input) => {
    const seconds = typeof input === 'string' || typeof input === 'number' ? parseDuration(input) : null;
    return seconds !== null && seconds >= low && seconds <= high ? seconds : null;
  });
  return kind(schema, `a duration from ${min} to ${max}, in seconds or as 500ms, 30s, 5m, 2h`);
}

export function text(pattern: RegExp, allowed: string): Kind<string> {
  return kind(v.pipe(v.string(), v.regex(pattern)), allowed);
}

export const toggle: Kind<boolean> = {
  schema: v.union([
    v.boolean(),
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((word) => word === 'true'),
    ),
  ]),
  type: 'boolean',
  repeatable: false,
  allowed: 'true or false',
};

/** A port to listen on; 0 takes a free one. */
export const listenPort = wholeNumber(0, 65_535);
/** A port to send to. */
export const remotePort = wholeNumber(1, 65_535);
export const identifier = wholeNumber(0, 65_535);
export const sampleRate = number(1, 1000);
export const host = text(/^[A-Za-z0-9_.:%-]{1,253}$/, 'a host name or an IP address');
export const file = text(/^[^\0]{1,4096}$/, 'the name of a file');
export const logLevel = oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

export const serverList: Kind<readonly number[]> = kind(
  converted(parseServerList),
  `server ids from 0 to 65535 like 3, 0-7 or 1,3,5-7, at most ${MAX_LISTED_SERVERS}`,
);

export const labels: Kind<Labels> = listKind(
  parseLabels,
  `up to ${MAX_LABELS} labels like site=berlin,row=7, each key once, together at most ${MAX_LABELS_BYTES} bytes`,
);

export const nameTemplate = kind(
  v.pipe(v.string(), v.check(isNameTemplate)),
  `a name of 1 to ${MAX_NAME_BYTES} bytes, without quotes or backslashes, in which {rack} and {server} are filled in`,
);

/** The text of a frequency plan; it stays text here, because a role may have to hand it on to a child process. */
export const frequencyPlanText = kind(
  v.pipe(v.string(), v.check(isFrequencyPlan)),
  'default, or band:LOW-HIGH with 0 < LOW < HIGH in Hz',
);

/** A kind of value that may be given several times, read by a function that gives null for what it does not accept. */
export function listKind<T>(convert: (input: unknown) => T | null, allowed: string): Kind<T> {
  return { ...kind(converted(convert), allowed), repeatable: true };
}

function kind<T>(schema: v.GenericSchema<unknown, T>, allowed: string): Kind<T> {
  return { schema, type: 'string', repeatable: false, allowed };
}

/** A schema from a function that gives null for what it does not accept. */
function converted<T>(convert: (input: unknown) => T | null): v.GenericSchema<unknown, T> {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = convert(dataset.value);
      if (value !== null) return value;
      addIssue();
      return NEVER;
    }),
  );
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

function isFrequencyPlan(plan: string): boolean {
  try {
    parseFrequencyPlan(plan);
    return true;
  } catch {
    return false;
  }
}
