import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** With which a kubeconfig of here logs in. */
export const TOKEN = 'a-token';

/** Writes a kubeconfig that leads to this URL. @returns its path; it goes when the test is over */
export async function writeKubeconfig(
  context: TestContext,
  url: string,
  user: object = { token: TOKEN },
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-kubeconfig-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'jane', user }],
    contexts: [{ name: 'test', context: { cluster: 'double', user: 'jane' } }],
    'current-context': 'test',
  };
  const file = join(directory, 'config');
  await writeFile(file, JSON.stringify(config));
  return file;
}
