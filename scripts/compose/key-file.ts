import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../../src/config/load.ts';
import { messageOf } from '../../src/io/error-text.ts';
import { readKeyFile } from '../../src/io/key-file.ts';
import { shellWord } from './compose-config.ts';

/** User and group of the images, see containers/Dockerfile. */
export const CONTAINER_USER = 1000;

/**
 * Looks at the user's own key: Compose would only find out at the start, and the roles then.
 * @param directory of docker-compose.yml
 * @returns what the user should know of it; null: nothing
 * @throws ConfigError when it is not a key
 */
export async function checkKeyFile(keyFile: string, directory: string): Promise<string | null> {
  const path = resolve(directory, keyFile);
  try {
    await readKeyFile(path);
  } catch (error) {
    throw new ConfigError([`--key-file: ${messageOf(error)}`]);
  }
  const { uid, gid, mode } = await stat(path);
  if (mayRead({ uid, gid, mode }, CONTAINER_USER)) return null;
  const now = `it is of user ${uid}, mode ${(mode & 0o777).toString(8).padStart(4, '0')}`;
  const word = shellWord(path);
  return (
    `--key-file: the containers' user ${CONTAINER_USER} cannot read ${path} (${now}), so racks and servers would ` +
    `not start; run: sudo chown ${CONTAINER_USER} ${word} && sudo chmod 400 ${word}`
  );
}

/**
 * Whether a user whose group has the same number may read a file. Only one of the three sets of bits counts: the owner's,
 * else the group's, else that of the others.
 */
export function mayRead({ uid, gid, mode }: Readonly<Record<'uid' | 'gid' | 'mode', number>>, user: number): boolean {
  if (uid === user) return (mode & 0o400) !== 0;
  return (mode & (gid === user ? 0o040 : 0o004)) !== 0;
}
