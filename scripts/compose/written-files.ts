import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../src/config/load.ts';
import { flagsOf } from './compose-config.ts';

/** What containers are built from, in every checkout of this project. */
const IN_A_CHECKOUT = 'containers/Dockerfile';

/**
 * Looks at the folder that is to be written to. It need not be there yet.
 * @returns what the user should know of it; null: nothing
 * @throws ConfigError when there is something else in its place
 */
export async function checkDirectory(directory: string): Promise<string | null> {
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => error);
  const isThere = !(found instanceof Error);
  if (isThere ? !found.isDirectory() : found.code === 'ENOTDIR') {
    throw new ConfigError([`--directory: got ${directory}, which is no folder, allowed: a checkout of this project`]);
  }
  if (await isFile(resolve(directory, IN_A_CHECKOUT))) return null;
  return `--directory: ${directory} is no checkout of this project (it has no ${IN_A_CHECKOUT}), the lab cannot start from there`;
}

/** Writes all of them, by their paths below the folder. */
export async function writeFiles(files: ReadonlyMap<string, string>, directory: string): Promise<void> {
  for (const [name, text] of files) {
    const path = resolve(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- the first that fails ends it
    await mkdir(dirname(path), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(path, text);
  }
}

/** A line for each file that is not what it should be. */
export async function outdated(files: ReadonlyMap<string, string>, directory: string): Promise<readonly string[]> {
  const found = await Promise.all(
    [...files].map(async ([name, wanted]) => {
      const text = await readFile(resolve(directory, name), 'utf8').catch(() => null);
      return text === wanted ? [] : [`${name} ${differenceOf(text, wanted)}`];
    }),
  );
  return found.flat();
}

function differenceOf(text: string | null, wanted: string): string {
  if (text === null) return 'cannot be read, or is not there';
  const flags = flagsOf(text);
  if (flags === null || flags === flagsOf(wanted)) return 'is not current';
  return `is not current: it was made with other flags, ${flags}`;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
