import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorText } from './error-text.ts';
import { UserError } from './user-error.ts';

const MODE = 0o700;

/**
 * Makes a directory where there is none, for its user only, and writes and removes a file in it: what is to be kept there
 * later is too late to be told that it cannot be.
 * @param flag that named it, as `--incident-dir`
 * @throws UserError that names the flag and the directory, and says why it cannot be written to
 */
export async function requireWritableDirectory(flag: string, directory: string): Promise<void> {
  const probe = join(directory, `.netwatch-${randomUUID()}`);
  try {
    await mkdir(directory, { recursive: true, mode: MODE });
    const file = await open(probe, 'wx', 0o600);
    await file.close();
    await rm(probe);
  } catch (error) {
    throw new UserError(
      `${flag}: got "${directory}", where no file can be made: ${fileErrorText(error)}. Give a directory that this user may write to, or one that can be made`,
      { cause: error },
    );
  }
}
