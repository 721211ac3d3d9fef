import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from './error-text.ts';
import { errorCode } from './listen-error.ts';

const FOR_OTHERS = 0o077;

/**
 * Makes a directory, and those above it, that only this user can use. One that is there may be used when it is such.
 * @throws Error that names it, what is wrong with it and what to do
 */
export async function makePrivateDirectory(directory: string): Promise<void> {
  try {
    await makeWithParents(directory);
  } catch (error) {
    throw unusableDirectory(directory, `cannot be made (${messageOf(error)})`, error);
  }
  // What was there before may be somebody else's.
  await privateDirectoryExists(directory);
}

/** Does nothing where something stands. Node's own `recursive` never ends in /proc, where nothing can be made. */
async function makeWithParents(directory: string): Promise<void> {
  const parent = dirname(directory);
  const error = await makeOne(directory);
  if (error === null) return;
  if (errorCode(error) !== 'ENOENT' || parent === directory) throw error;
  await makeWithParents(parent);
  const stillWrong = await makeOne(directory);
  if (stillWrong !== null) throw stillWrong;
}

async function makeOne(directory: string): Promise<Error | null> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return null;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return null;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Whether it is there.
 * @throws Error as `makePrivateDirectory` does when it is there and is not this user's alone
 */
export async function privateDirectoryExists(directory: string): Promise<boolean> {
  const stats = await statOf(directory);
  if (stats === null) return false;
  const wrong = directoryProblem(stats);
  if (wrong !== null) throw unusableDirectory(directory, wrong);
  return true;
}

/**
 * @param wrong completes "the directory …": "is a symbolic link"
 * @param cause what the system says, when it is not the directory that is not to be used
 */
export function unusableDirectory(directory: string, wrong: string, cause?: unknown): Error {
  const isFull = errorCode(cause) === 'ENOSPC' || errorCode(cause) === 'EDQUOT';
  const other = isFull ? 'make room there, or ' : cause === undefined ? 'remove it, or ' : '';
  const advice = `${other}name another place in XDG_RUNTIME_DIR or TMPDIR`;
  return new Error(`the directory ${directory}, where a lab keeps its control token, ${wrong}: ${advice}`, { cause });
}

function directoryProblem(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return 'is a symbolic link';
  if (!stats.isDirectory()) return 'is not a directory';
  if (stats.uid !== (userId() ?? stats.uid)) return `belongs to another user (id ${stats.uid})`;
  if (!isOwn(stats)) return `can be used by others (mode ${(stats.mode & 0o777).toString(8)}, needed is 700)`;
  return null;
}

/** Whether it belongs to this user, and nobody else may use it. */
export function isOwn({ uid, mode }: Stats): boolean {
  const own = userId();
  return own === null || (uid === own && (mode & FOR_OTHERS) === 0);
}

/** Null on Windows, which knows neither such ids nor modes. */
export function userId(): number | null {
  return process.getuid?.() ?? null;
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch {
    return null;
  }
}
