import * as v from 'valibot';
import { deepFreeze } from './deep-freeze.ts';
import { environmentName, fileKey, flagName } from './names.ts';
import { nearest } from './nearest.ts';
import type { SpecKeys, ConfigSpec, Fields } from './spec.ts';

/** Where configuration comes from, strongest first. */
export interface ConfigSources {
  /** By flag name without dashes, `udp-listen-port`; undefined values count as not given. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The parsed config file; undefined when there is none. */
  readonly file: unknown;
  readonly fileName?: string | undefined;
}

/** One key of an effective configuration. */
export interface EffectiveValue {
  /** The key as a config file has it, and a value that a config file may have. */
  readonly fileKey: string;
  readonly value: unknown;
  /** `--rate`, `RACK_ID`, `rack.json: rate` or `default`. */
  readonly source: string;
}

/** The configuration is not valid. Each line of the message is one problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

interface Gathered {
  readonly raw: Record<string, unknown>;
  /** Where each given key came from, in the user's words. Keys left at their default have none. */
  readonly origins: Map<string, string>;
}

/**
 * Merges flags > environment > file > defaults and validates once.
 * @returns the role's configuration, frozen all the way down.
 * @throws ConfigError that names every problem with where it came from, what was given and what is allowed.
 */
export function loadConfig<F extends Fields, C>(spec: ConfigSpec<F, C>, sources: ConfigSources): C {
  return deepFreeze(spec.resolve(validate(spec, gather(spec, sources))));
}

/**
 * The effective configuration, key by key, with where each value came from. Secrets are held in files, so only their
 * names can appear.
 * @throws ConfigError as loadConfig does.
 */
export function describeConfig<F extends Fields, C>(
  spec: ConfigSpec<F, C>,
  sources: ConfigSources,
): readonly EffectiveValue[] {
  const gathered = gather(spec, sources);
  const values: Readonly<Record<string, unknown>> = validate(spec, gathered);
  return Object.keys(spec.fields).map((key) => ({
    fileKey: fileKey(key),
    value: values[key],
    source: gathered.origins.get(key) ?? 'default',
  }));
}

/**
 * Parses the text of a config file.
 * @throws ConfigError when it is not JSON.
 */
export function parseConfigFile(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigError([`${fileName}: not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function gather(spec: SpecKeys, sources: ConfigSources): Gathered {
  const { flags, env, fileName = 'config file' } = sources;
  const file = asObject(sources.file, fileName);
  refuseUnknown(spec, flags, file, fileName);
  const gathered: Gathered = { raw: {}, origins: new Map() };
  for (const [key, { initial, environmentName: named }] of Object.entries(spec.fields)) {
    const variable = named ?? environmentName(key);
    const candidates: [unknown, string][] = [
      [own(flags, flagName(key)), `--${flagName(key)}`],
      [spec.readsEnvironment ? own(env, variable) : undefined, variable],
      [own(file, fileKey(key)), `${fileName}: ${fileKey(key)}`],
    ];
    const [value, origin] = candidates.find(([candidate]) => candidate !== undefined) ?? [initial, null];
    gathered.raw[key] = value;
    if (origin !== null) gathered.origins.set(key, origin);
  }
  derive(spec, gathered);
  return gathered;
}

/** A key that follows from another one, as a rate from an interval, when only the other was given. */
function derive(spec: SpecKeys, { raw, origins }: Gathered): void {
  for (const [key, field] of Object.entries(spec.fields)) {
    if (!field.derive || origins.has(key)) continue;
    const { from, convert } = field.derive;
    const origin = origins.get(from);
    const source = spec.fields[from];
    const parsed = source && origin !== undefined ? v.safeParse(source.schema, raw[from]) : null;
    // A source that is not valid is reported under its own name, once.
    if (!parsed?.success || parsed.output === null || origin === undefined) continue;
    raw[key] = convert(parsed.output);
    origins.set(key, origin);
  }
}

function validate<F extends Fields, C>(spec: ConfigSpec<F, C>, { raw, origins }: Gathered) {
  const parsed = v.safeParse(spec.schema, raw, { abortPipeEarly: true });
  if (!parsed.success) {
    const broken = new Set(parsed.issues.map((issue) => String(issue.path?.[0]?.key)));
    throw new ConfigError(
      [...broken].map((key) => {
        const label = origins.get(key) ?? `--${flagName(key)}`;
        return `${label}: got ${shown(asGiven(raw[key], label))}, allowed: ${spec.fields[key]?.allowed ?? 'nothing'}`;
      }),
    );
  }
  const values = parsed.output;
  const problems: string[] = [];
  for (const rule of spec.rules) {
    const problem = rule.broken(values);
    if (problem === null) continue;
    const given = rule.keys.flatMap((key) => origins.get(key) ?? []);
    const labels = given.length > 0 ? given : rule.keys.map((key) => `--${flagName(key)}`);
    problems.push(`${[...new Set(labels)].join(', ')}: ${problem}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

function refuseUnknown(spec: SpecKeys, flags: object, file: object, fileName: string): void {
  const keys = Object.keys(spec.fields);
  const problems = [
    ...unknownNames(flags, keys.map(flagName)).map(([name, hint]) => `--${name}: unknown flag, nearest: --${hint}`),
    ...unknownNames(file, keys.map(fileKey)).map(
      ([name, hint]) => `${fileName}: unknown key ${name}, nearest: ${hint}`,
    ),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function unknownNames(given: object, allowed: readonly string[]): [string, string][] {
  const names = Object.keys(given).filter((name) => !allowed.includes(name));
  return names.map((name) => [shown(name).slice(1, -1), nearest(name, allowed) ?? 'none']);
}

function asObject(file: unknown, fileName: string): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new ConfigError([`${fileName}: got ${shown(file)}, allowed: a JSON object`]);
  }
  return { ...file };
}

function own(source: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

/** A flag that may be given several times is a list also when it was given once. */
function asGiven(value: unknown, label: string): unknown {
  return label.startsWith('--') && Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}
