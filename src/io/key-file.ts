import { readFile } from 'node:fs/promises';
import { parseKey } from '../wire/authentication.ts';
import { fileErrorText } from './error-text.ts';
import { UserError } from './user-error.ts';

/**
 * Reads the key that authenticates every datagram.
 * @throws UserError that names the file, and says what is wrong with it without showing what is in it.
 */
export async function readKeyFile(path: string): Promise<Buffer> {
  try {
    return parseKey(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = fileErrorText(error);
    throw new UserError(`the key file ${path} cannot be used: ${reason}`, { cause: error });
  }
}
