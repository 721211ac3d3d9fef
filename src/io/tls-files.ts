import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { fileErrorText, messageOf } from './error-text.ts';
import { UserError } from './user-error.ts';

/** What a TLS endpoint shows and trusts, as PEM. Null: nothing shown, or the system's authorities trusted. */
export interface TlsMaterial {
  readonly ca: Buffer | null;
  readonly cert: Buffer | null;
  readonly key: Buffer | null;
}

/**
 * Reads TLS files; null names are not read.
 * @throws UserError that names the flag and the file that cannot be read, or is not what it should be.
 */
export async function readTlsFiles(names: {
  tlsCaFile: string | null;
  tlsCertFile: string | null;
  tlsKeyFile: string | null;
}): Promise<TlsMaterial> {
  const { tlsCaFile, tlsCertFile, tlsKeyFile } = names;
  const [ca, cert, key] = await Promise.all([
    read('--tls-ca-file', tlsCaFile),
    read('--tls-cert-file', tlsCertFile),
    read('--tls-key-file', tlsKeyFile),
  ]);
  // Node takes an authority that is none without a word, and then trusts nobody.
  check(`--tls-ca-file: ${tlsCaFile} is no certificate in PEM form`, () => readCertificate(ca));
  check(`--tls-cert-file: ${tlsCertFile} is no certificate in PEM form`, () => readCertificate(cert));
  check(`--tls-key-file: ${tlsKeyFile} is no private key in PEM form, without a passphrase`, () => readKey(key));
  if (cert !== null && key !== null) {
    const pair = `${tlsCertFile} and ${tlsKeyFile}`;
    check(`--tls-cert-file, --tls-key-file: ${pair} cannot be used together`, () => createSecureContext({ cert, key }));
  }
  return { ca, cert, key };
}

async function read(flag: string, name: string | null): Promise<Buffer | null> {
  if (name === null) return null;
  try {
    return await readFile(name);
  } catch (error) {
    throw new UserError(`${flag}: cannot read ${name}: ${fileErrorText(error)}`, { cause: error });
  }
}

/** The other form, DER, is read by these too, and by nothing that comes after. */
function requirePem(content: Buffer): void {
  if (!content.includes('-----BEGIN ')) throw new Error('nothing in it begins with -----BEGIN');
}

function readCertificate(content: Buffer | null): void {
  if (content === null) return;
  requirePem(content);
  void new X509Certificate(content);
}

function readKey(content: Buffer | null): void {
  if (content === null) return;
  requirePem(content);
  createPrivateKey(content);
}

function check(problem: string, use: () => unknown): void {
  try {
    use();
  } catch (error) {
    throw new UserError(`${problem}: ${messageOf(error)}`, { cause: error });
  }
}
