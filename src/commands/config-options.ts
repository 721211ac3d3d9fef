import { readFile } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { ConfigError, type ConfigSources, loadConfig, parseConfigFile } from '../config/load.ts';
import { optionsOf, pickFlags } from '../config/options.ts';
import type { ConfigSpec, Fields, SpecKeys } from '../config/spec.ts';
import type { CommandContext } from './context.ts';

/** Gives a command every flag of a role's configuration, and `--config FILE`. */
export function addConfigOptions(yargs: Argv, spec: SpecKeys): Argv {
  for (const option of optionsOf(spec)) {
    const environment = option.env === null ? '' : `, ${option.env}`;
    yargs.option(option.flag, {
      type: option.type,
      alias: [...option.aliases],
      ...(option.repeatable && { array: true, nargs: 1 }),
      ...(option.type === 'string' && { requiresArg: true }),
      describe: `${option.description} (default: ${option.defaultText}${environment})`,
    });
  }
  return yargs.option('config', { type: 'string', requiresArg: true, describe: 'JSON file with any of these' });
}

/**
 * Where a command's configuration comes from: its flags, the environment, and the file that `--config` names.
 * @throws ConfigError when the file cannot be read.
 */
export async function configSources(
  spec: SpecKeys,
  context: CommandContext,
  args: Readonly<Record<string, unknown>>,
): Promise<ConfigSources> {
  const flags = pickFlags(spec, args);
  if (typeof args.config !== 'string') return { flags, env: context.env, file: undefined };
  const file = parseConfigFile(await readConfigFile(args.config), args.config);
  return { flags, env: context.env, file, fileName: args.config };
}

/**
 * The effective configuration of a command.
 * @throws ConfigError that names every problem.
 */
export async function configOf<F extends Fields, C>(
  spec: ConfigSpec<F, C>,
  context: CommandContext,
  args: Readonly<Record<string, unknown>>,
): Promise<C> {
  return loadConfig(spec, await configSources(spec, context, args));
}

async function readConfigFile(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    throw new ConfigError([`--config: cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
