import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../../src/config/load.ts';
import { type ConfigOption, optionsOf } from '../../src/config/options.ts';
import { type ComposeConfig, composeSpec } from './compose-config.ts';

/** A flag as it stands on the command line. */
interface GivenFlag {
  /** Without dashes. */
  readonly name: string;
  readonly value: string | undefined;
  /** Whether the value follows a `=`. */
  readonly inline: boolean;
}

/**
 * What the arguments of `npm run compose:generate` ask for.
 * @throws ConfigError that says what is wrong with them.
 */
export function readArguments(args: readonly string[]): ComposeConfig | 'help' {
  const options = optionsOf(composeSpec);
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(options.map(({ flag, type }) => [flag, { type }] as const)),
      help: { type: 'boolean', short: 'h' },
    },
    // What is not known is refused below, with the nearest that is.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const { help, ...given } = values;
  if (help === true) return 'help';
  const flags = tokens.flatMap((token) =>
    token.kind === 'option' ? [{ name: token.name, value: token.value, inline: token.inlineValue === true }] : [],
  );
  const problems = options.flatMap((option) => problemsOf(option, flags));
  if (problems.length > 0) throw new ConfigError(problems);
  const config = loadConfig(composeSpec, { flags: given, env: {}, file: undefined });
  if (positionals.length > 0) throw new ConfigError([`${positionals.join(' ')}: nothing but flags is understood`]);
  return config;
}

/** What the parser takes as it is: a flag without its value, and of several the last one. */
function problemsOf({ flag, type, allowed }: ConfigOption, all: readonly GivenFlag[]): readonly string[] {
  const given = all.filter(({ name }) => name === flag);
  const lacks = ({ value, inline }: GivenFlag): boolean => !inline && (value === undefined || value.startsWith('-'));
  if (type === 'string' && given.some(lacks)) return [`--${flag}: no value was given, allowed: ${allowed}`];
  if (given.length <= 1) return [];
  const values = given.flatMap(({ value }) => (value === undefined ? [] : [value])).join(', ');
  return [`--${flag}: given ${given.length} times${values === '' ? '' : ` (${values})`}, allowed: once`];
}
