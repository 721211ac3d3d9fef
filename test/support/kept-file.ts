import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a file of this name is kept, in the user's cache. */
export function keptPath(name: string): string {
  return join(keepingFolder(), name);
}

/**
 * Makes a file that takes long to make, unless it was made before.
 * @param make gets an empty folder, which is removed after it, and gives the path of what it made there
 * @returns its path
 * @throws Error when the cache cannot be written; what `make` throws. Nothing is kept then
 */
export async function ensureKept(name: string, make: (folder: string) => Promise<string>): Promise<string> {
  const path = keptPath(name);
  if (existsSync(path)) return path;
  const folder = makingFolder();
  try {
    // It is there whole or not at all, and two that make it at a time do not meet.
    renameSync(await make(folder), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return path;
}

/** On the file system of the cache, so that what is made there can be renamed. */
function makingFolder(): string {
  const parent = keepingFolder();
  try {
    mkdirSync(parent, { recursive: true });
    return mkdtempSync(join(parent, 'making-'));
  } catch (error) {
    throw new Error(`${parent} cannot be written (XDG_CACHE_HOME names another cache)`, { cause: error });
  }
}

function keepingFolder(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  // Empty is as good as none, says the XDG Base Directory Specification.
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'netwatch-test');
}
