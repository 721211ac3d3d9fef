import { readFile } from 'node:fs/promises';
import { fileErrorText } from './error-text.ts';
import { UserError } from './user-error.ts';

const MIN_CHARACTERS = 32;
const MAX_CHARACTERS = 256;

/**
 * Reads a bearer token from a file; white space around it is ignored.
 * @throws UserError that names the file and what a token looks like, and never shows what is in it
 */
export async function readTokenFile(path: string): Promise<string> {
  try {
    return parseToken(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = fileErrorText(error);
    throw new UserError(`the token file ${path} cannot be used: ${reason}`, { cause: error });
  }
}

/** @throws Error that says what a token looks like, and never shows what was given */
export function parseToken(text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= MIN_CHARACTERS && token.length <= MAX_CHARACTERS) return token;
  throw new Error(
    `A token is ${MIN_CHARACTERS} to ${MAX_CHARACTERS} printable characters without spaces; ` +
      'make one with: openssl rand -hex 32',
  );
}
