// Writes docker-compose.yml and prometheus/targets/*.json for a number of racks and servers. With --check it writes nothing
// and exits 1 if one of them is not current. Exit codes: 0 done, 1 not current or not written, 2 bad usage.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '../src/config/load.ts';
import { optionsOf } from '../src/config/options.ts';
import { readKeyFile } from '../src/io/key-file.ts';
import { commandOf, type ComposeConfig, composeSpec } from './compose/compose-config.ts';
import { composeFiles } from './compose/compose-files.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `usage: npm run compose:generate -- [--racks N] [--servers N] [--check] …

${optionsOf(composeSpec)
  .map(({ flag, type, description, allowed, defaultText }) => {
    const takes = type === 'boolean' ? '' : ' …';
    const more = type === 'boolean' ? '' : `\n${' '.repeat(22)}${allowed} (default: ${defaultText})`;
    return `  ${`--${flag}${takes}`.padEnd(20)}${description}${more}`;
  })
  .join('\n')}

examples:
  npm run compose:generate                                        the lab of this repository: 4 racks of 8 servers
  npm run compose:generate -- --racks 2 --servers 3
  npm run compose:generate -- --racks 16 --servers 4 --frequency-plan band:1-8
  npm run compose:generate -- --key-file ./udp.key                with a key of your own
  npm run compose:generate -- --racks 2 --servers 3 --check       is that what the files are?
`;

/** @throws ConfigError that says what is wrong with the arguments. */
function readConfig(args: readonly string[]): ComposeConfig | 'help' {
  const flags = optionsOf(composeSpec).map(({ flag, type }) => [flag, { type }] as const);
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(flags), help: { type: 'boolean', short: 'h' } },
    // What is not known is refused below, with the nearest that is.
    strict: false,
    allowPositionals: true,
  });
  const { help, ...given } = values;
  if (help === true) return 'help';
  const config = loadConfig(composeSpec, { flags: given, env: {}, file: undefined });
  if (positionals.length > 0) throw new ConfigError([`${positionals.join(' ')}: nothing but flags is understood`]);
  return config;
}

/** Compose would only find out at the start, and the roles then. */
async function checkKeyFile({ keyFile }: ComposeConfig, directory: string): Promise<void> {
  if (keyFile === null) return;
  try {
    await readKeyFile(resolve(directory, keyFile));
  } catch (error) {
    throw new ConfigError([`--key-file: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** The files that are not what they should be. */
async function outdated(files: ReadonlyMap<string, string>, directory: string): Promise<readonly string[]> {
  const found = await Promise.all(
    [...files].map(async ([name, wanted]) => {
      const text = await readFile(resolve(directory, name), 'utf8').catch(() => null);
      return text === wanted ? [] : [name];
    }),
  );
  return found.flat();
}

async function write(files: ReadonlyMap<string, string>, directory: string): Promise<void> {
  for (const [name, text] of files) {
    const path = resolve(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- the first that fails ends it
    await mkdir(dirname(path), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(path, text);
  }
}

async function run(config: ComposeConfig): Promise<number> {
  const directory = resolve(config.directory ?? PROJECT);
  await checkKeyFile(config, directory);
  const files = await composeFiles(config);
  if (!config.check) {
    await write(files, directory);
    return 0;
  }
  const names = await outdated(files, directory);
  if (names.length === 0) return 0;
  // Whole, because who runs it may be in another folder then.
  const command = commandOf(config, config.directory === null ? null : directory);
  process.stderr.write(`${names.map((name) => `${name} is not current`).join('\n')}\nrun: ${command}\n`);
  return 1;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const config = readConfig(args);
    if (config !== 'help') return await run(config);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
