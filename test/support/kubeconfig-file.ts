import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** With which a kubeconfig of here logs in. */
export const TOKEN = 'a-token';

interface KubeconfigParts {
  /** How to log in. */
  readonly user?: object;
  /** Whom the server must be known to, as PEM; without, it need not prove who it is. */
  readonly certificateAuthority?: Buffer;
}

/** Writes a kubeconfig that leads to this URL. @returns its path; it goes when the test is over */
export async function writeKubeconfig(context: TestContext, url: string, parts: KubeconfigParts = {}): Promise<string> {
  const { user = { token: TOKEN }, certificateAuthority: ca } = parts;
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-kubeconfig-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const trust =
    ca === undefined ? { 'insecure-skip-tls-verify': true } : { 'certificate-authority-data': ca.toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { server: url, ...trust } }],
    users: [{ name: 'jane', user }],
    contexts: [{ name: 'test', context: { cluster: 'double', user: 'jane' } }],
    'current-context': 'test',
  };
  const file = join(directory, 'config');
  await writeFile(file, JSON.stringify(config));
  return file;
}
