import { readFile } from 'node:fs/promises';
import { messageOf } from './error-text.ts';

/** What a TLS endpoint shows and trusts, as PEM. Null: nothing shown, or the system's authorities trusted. */
export interface TlsMaterial {
  readonly ca: Buffer | null;
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
}

/**
 * Reads TLS files; null names are not read.
 * @throws Error that names the flag and the file that cannot be read.
 */
export async function readTlsFiles(names: {
  tlsCaFile: string | null;
  tlsCertFile: string | null;
  tlsKeyFile: string | null;
}): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    read('--tls-ca-file', names.tlsCaFile),
    read('--tls-cert-file', names.tlsCertFile),
    read('--tls-key-file', names.tlsKeyFile),
  ]);
  return { ca, cert, key };
}

async function read(flag: string, name: string | null): Promise<Buffer | null> {
  if (name === null) return null;
  try {
    return await readFile(name);
  } catch (error) {
    throw new Error(`${flag}: cannot read ${name}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
