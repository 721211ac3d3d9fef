import { readdir, readFile } from 'node:fs/promises';

/** Beside the code, in a checkout (src/datacenter/) as in a package (dist/datacenter/). */
const FOLDER = new URL('../../docs/runbooks/', import.meta.url);
/** `server-silent.md`, and not `README.md`, which is the list of them. */
const PAGE = /^([a-z0-9-]+)\.md$/;
const INDEX = 'README.md';

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
 * @throws Error when it is there and cannot be read
 */
export async function readRunbooks(folder: URL = FOLDER): Promise<Runbooks> {
  const files = await filesOf(folder);
  const read = (file: string): Promise<string> => readFile(new URL(file, folder), 'utf8');
  const names = files.flatMap((file) => PAGE.exec(file)?.[1] ?? []).toSorted();
  const pages = await Promise.all(names.map(async (name) => [name, await read(`${name}.md`)] as const));
  return { index: files.includes(INDEX) ? await read(INDEX) : null, pages: new Map(pages) };
}

async function filesOf(folder: URL): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
