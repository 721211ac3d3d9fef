import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The base of containers/chaos/Dockerfile. */
export const BASE_IMAGE = 'debian:trixie-slim';

/** Changes when its making does, so that none of another making is taken. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'netwatch-test', 'trixie-slim-1.tar');

/** What Debian's slim images lack too, and what is in an image's way. */
const EXCLUDED = [
  ...['doc', 'info', 'lintian', 'locale', 'man', 'zoneinfo'].map((name) => `./usr/share/${name}/*`),
  './var/cache/apt/*',
  './var/lib/apt/lists/*',
  './dev/*',
];

/**
 * A tar of a root file system that stands in for the base image, because no image can be pulled everywhere: Debian's
 * smallest system, with iproute2 and ping. It is made once and kept in the user's cache.
 * @returns its path
 */
export async function ensureBaseImageTar(): Promise<string> {
  if (existsSync(CACHE)) return CACHE;
  const parent = join(CACHE, '..');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'making-'));
  try {
    const root = join(directory, 'root');
    const made = join(directory, 'made.tar');
    await run('debootstrap', ['--variant=minbase', '--include=iproute2,iputils-ping', 'trixie', root], {
      maxBuffer: 64 * 1024 * 1024,
    });
    await run('tar', [...EXCLUDED.map((path) => `--exclude=${path}`), '-C', root, '-cf', made, '.']);
    // Two that make it at a time do not meet.
    renameSync(made, CACHE);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return CACHE;
}
