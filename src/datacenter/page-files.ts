import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fileErrorText } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';

/** Built beside the code, for a checkout (src/datacenter/) as for a package (dist/datacenter/). */
const FOLDER = new URL('../../dist/web/', import.meta.url);
/** All of them stay in memory. */
const MAX_FILES = 256;
const MAX_BYTES = 16 * 1024 * 1024;
/** No hidden file, and none whose name means anything in a path. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** Files of the page by their path, as `assets/index-1a2b.js`; none when it was not built. */
export type PageFiles = ReadonlyMap<string, Buffer>;

/**
 * Reads every file of the page once, so that no request reaches a file.
 * @throws UserError when the page is there and cannot be read, or is larger than a page is
 */
export async function readPageFiles(folder: URL = FOLDER): Promise<PageFiles> {
  const paths = await pathsOf(folder);
  if (paths.length > MAX_FILES) throw tooLarge(folder, `${paths.length} files, at most ${MAX_FILES} are allowed`);
  const bytes = await sizeOf(folder, paths).catch((error: unknown) => unreadable(folder, error));
  if (bytes > MAX_BYTES) throw tooLarge(folder, `${bytes} bytes, at most ${MAX_BYTES} are allowed`);
  const read = async (path: string) => [path, await readFile(new URL(path, folder))] as const;
  return new Map(await Promise.all(paths.map(read)).catch((error: unknown) => unreadable(folder, error)));
}

async function sizeOf(folder: URL, paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(new URL(path, folder))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function pathsOf(folder: URL): Promise<readonly string[]> {
  const root = fileURLToPath(folder);
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replaceAll('\\', '/').replace(/^\/+/, ''))
      .filter((path) => path.split('/').every((name) => NAME.test(name)))
      .toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    return unreadable(folder, error);
  }
}

function tooLarge(folder: URL, what: string): UserError {
  return new UserError(`the page in ${fileURLToPath(folder)} has ${what}: build it anew with npm run build:web`);
}

function unreadable(folder: URL, cause: unknown): never {
  throw new UserError(`the page: cannot read ${fileURLToPath(folder)}: ${fileErrorText(cause)}`, { cause });
}
