// Writes docker-compose.yml and prometheus/targets/*.json for a number of racks and servers. With --check it writes nothing
// and exits 1 if one of them is not current. Exit codes: 0 done, 1 not current or not written, 2 bad usage.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../src/config/load.ts';
import { optionsOf } from '../src/config/options.ts';
import { messageOf } from '../src/io/error-text.ts';
import { commandOf, type ComposeConfig, composeSpec, flagsText } from './compose/compose-config.ts';
import { composeFiles } from './compose/compose-files.ts';
import { checkKeyFile } from './compose/key-file.ts';
import { readArguments } from './compose/read-arguments.ts';
import { checkDirectory, outdated, writeFiles } from './compose/written-files.ts';

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

/** What concerns the whole run, before anything is made. Warnings go to stderr. */
async function checkPlaces({ keyFile, directory: given }: ComposeConfig, directory: string): Promise<void> {
  const warnings = [
    given === null ? null : await checkDirectory(directory),
    keyFile === null ? null : await checkKeyFile(keyFile, directory),
  ];
  for (const warning of warnings) if (warning !== null) process.stderr.write(`warning: ${warning}\n`);
}

async function run(config: ComposeConfig): Promise<number> {
  const directory = resolve(config.directory ?? PROJECT);
  await checkPlaces(config, directory);
  const files = await composeFiles(config);
  const what = `docker-compose.yml and prometheus/targets/*.json in ${directory}, for ${flagsText(config)}`;
  if (!config.check) {
    await writeFiles(files, directory);
    process.stdout.write(`written: ${what}\n`);
    return 0;
  }
  const differences = await outdated(files, directory);
  if (differences.length === 0) {
    process.stdout.write(`current: ${what}\n`);
    return 0;
  }
  // Whole, because who runs it may be in another folder then.
  const command = commandOf(config, config.directory === null ? null : directory);
  process.stderr.write(`${differences.join('\n')}\nrun: ${command}\n`);
  return 1;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const config = readArguments(args);
    if (config !== 'help') return await run(config);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
