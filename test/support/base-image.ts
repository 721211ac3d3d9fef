import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureKept } from './kept-file.ts';

const run = promisify(execFile);

/** The base of containers/chaos/Dockerfile. */
export const BASE_IMAGE = 'debian:trixie-slim';

/** Changes when its making does, so that none of another making is taken. */
const KEPT_NAME = 'trixie-slim-1.tar';

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
  return ensureKept(KEPT_NAME, makeBaseImageTar);
}

async function makeBaseImageTar(folder: string): Promise<string> {
  const root = join(folder, 'root');
  const made = join(folder, 'made.tar');
  await run('debootstrap', ['--variant=minbase', '--include=iproute2,iputils-ping', 'trixie', root], {
    maxBuffer: 64 * 1024 * 1024,
  });
  await run('tar', [...EXCLUDED.map((path) => `--exclude=${path}`), '-C', root, '-cf', made, '.']);
  return made;
}
