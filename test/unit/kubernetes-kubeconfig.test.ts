import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as client from '@kubernetes/client-node';
import { loadKubeconfig, loginOf } from '../../src/kubernetes/load-kubeconfig.ts';

const NOWHERE = join(tmpdir(), 'netwatch-no-such-directory');

async function directoryOf(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-kubeconfig-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A kubeconfig of one cluster. */
function configOf(name: string, server: string, current: string | null = name): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: 'secret' } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    ...(current === null ? {} : { 'current-context': current }),
  });
}

function serverOf(kubeconfig: string | undefined, context: string | null = null, homeDirectory = NOWHERE): string {
  return loadKubeconfig(client, { kubeconfig, context, homeDirectory }).getCurrentCluster()?.server ?? 'none';
}

test('KUBECONFIG, else the file in the home directory', async (context) => {
  const home = await directoryOf(context);
  await mkdir(join(home, '.kube'));
  await writeFile(join(home, '.kube', 'config'), configOf('usual', 'https://usual:6443'));
  await writeFile(join(home, 'other'), configOf('other', 'https://other:6443'));
  assert.equal(serverOf(undefined, null, home), 'https://usual:6443');
  assert.equal(serverOf('', null, home), 'https://usual:6443');
  assert.equal(serverOf(join(home, 'other'), null, home), 'https://other:6443');
});

test('several files are one: the first that says something counts, those that are missing are passed over', async (context) => {
  const directory = await directoryOf(context);
  const file = (name: string): string => join(directory, name);
  await writeFile(file('a'), configOf('a', 'https://a:6443', null));
  await writeFile(file('b'), configOf('b', 'https://b:6443'));
  await writeFile(file('c'), configOf('b', 'https://another-b:6443'));
  const all = ['missing', 'a', 'b', 'c'].map(file).join(delimiter);
  assert.equal(serverOf(all), 'https://b:6443');
  assert.equal(serverOf(all, 'a'), 'https://a:6443');
  assert.throws(() => serverOf(all, 'd'), {
    name: 'UserError',
    message: 'the kubeconfig has no context "d"; it has a, b',
  });
});

for (const [what, text, message] of [
  ['is no YAML', '{', /^the kubeconfig \S+ cannot be used: /],
  ['is no YAML, and has a token', 'user: {\ntoken: secret\n', /^the kubeconfig \S+ cannot be used: /],
  ['is empty', '', /^the kubeconfig \S+ cannot be used: .* is empty$/],
  ['is nothing', 'null', /^the kubeconfig \S+ cannot be used: it is no kubeconfig: /],
  ['is something else', 'hello', /^the kubeconfig \S+ cannot be used: it is no kubeconfig: .* Set KUBECONFIG/],
  ['is a web page', '<html>404</html>', /^the kubeconfig \S+ cannot be used: it is no kubeconfig: /],
  ['has nothing in it', 'kind: Config', /^the kubeconfig \S+ says of no cluster .*: none$/],
  [
    'has no current context',
    configOf('a', 'https://a:6443', null),
    /^the kubeconfig \S+ says of no cluster .* --kube-context: a$/,
  ],
  ['has a context that is not there', configOf('a', 'https://a:6443', 'b'), /^the kubeconfig \S+ says of no cluster/],
  ['has no URL', configOf('a', 'nowhere'), /^the kubeconfig \S+ has no usable URL for the cluster a: "nowhere"$/],
  ['goes without TLS', configOf('a', 'http://127.0.0.1:8001'), /without TLS .*insecure-skip-tls-verify: true/],
] as const) {
  test(`a kubeconfig that ${what}`, async (context) => {
    const file = join(await directoryOf(context), 'config');
    await writeFile(file, text);
    assert.throws(
      () => serverOf(file),
      (error: Error) => {
        assert.equal(error.name, 'UserError');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      },
    );
  });
}

test('who has no --kube-context is told what there is instead', async (context) => {
  const kubeconfig = join(await directoryOf(context), 'config');
  await writeFile(kubeconfig, configOf('a', 'https://a:6443', null));
  const source = { kubeconfig, context: null, homeDirectory: NOWHERE, hasContextFlag: false };
  assert.throws(() => loadKubeconfig(client, source), {
    message: /; choose one of its contexts with kubectl config use-context: a$/,
  });
  assert.deepEqual(loginOf(source), { files: [kubeconfig], hasContextFlag: false, networkPolicy: null });
});

test('files that are not there', () => {
  assert.throws(() => serverOf(NOWHERE), {
    name: 'UserError',
    message: new RegExp(`KUBECONFIG names ${NOWHERE}, and no such file is there`),
  });
});
