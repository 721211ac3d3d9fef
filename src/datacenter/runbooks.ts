import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fileErrorText } from '../io/error-text.ts';
import { UserError } from '../io/user-error.ts';

/** Beside the code, in a checkout (src/datacenter/) as in a package (dist/datacenter/). */
const FOLDER = new URL('../../docs/runbooks/', import.meta.url);
/** `server-silent.md`, and not `README.md`, which is the list of them. */
const PAGE = /^([a-z0-9-]+)\.md$/;
const INDEX = 'README.md';
/** All of them stay in memory, and each is sent to whoever asks. */
const MAX_PAGES = 64;
const MAX_PAGE_BYTES = 64 * 1024;

/** What to do when an alert fires, in Markdown. */
export interface Runbooks {
  /** The list of all; null when there is none. */
  readonly index: string | null;
  /** By name, as `server-silent`. */
  readonly pages: ReadonlyMap<string, string>;
}

/**
 * Reads every page once, so that no request reaches a file.
 * @returns no pages when the folder is not there
 * @throws UserError when it is there and cannot be read, has more than 64 pages, or one of more than 64 KiB
 */
export async function readRunbooks(folder: URL = FOLDER): Promise<Runbooks> {
  const files = await filesOf(folder);
  const names = files.flatMap((file) => PAGE.exec(file)?.[1] ?? []).toSorted();
  if (names.length > MAX_PAGES) {
    const where = fileURLToPath(folder);
    throw new UserError(
      `there are ${names.length} runbooks in ${where}, at most ${MAX_PAGES} are allowed: take some away`,
    );
  }
  const read = async (name: string) => [name, await readPage(new URL(`${name}.md`, folder))] as const;
  const pages = await Promise.all(names.map(read));
  return { index: files.includes(INDEX) ? await readPage(new URL(INDEX, folder)) : null, pages: new Map(pages) };
}

async function readPage(file: URL): Promise<string> {
  const { size } = await stat(file).catch((error: unknown) => unreadable(file, error));
  if (size <= MAX_PAGE_BYTES) return readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error));
  const path = fileURLToPath(file);
  throw new UserError(`the runbook ${path} has ${size} bytes, at most ${MAX_PAGE_BYTES} are allowed: make it shorter`);
}

async function filesOf(folder: URL): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    return unreadable(folder, error);
  }
}

function unreadable(place: URL, cause: unknown): never {
  throw new UserError(`the runbooks: cannot read ${fileURLToPath(place)}: ${fileErrorText(cause)}`, { cause });
}
