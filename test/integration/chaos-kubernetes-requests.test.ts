import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startKubernetesApiDouble } from '../support/kubernetes-api-double.ts';
import { LOSS, openTarget, problemOf, serverLabels, startCluster } from '../support/kubernetes-cluster.ts';
import { HOLDS, READY } from '../support/kubernetes-pod-double.ts';
import { waitUntil } from '../support/wait-until.ts';

const tlsFile = (name: string): Promise<Buffer> => readFile(new URL(`../fixtures/tls/${name}`, import.meta.url));

test('over TLS, with a server that is known', async (context) => {
  const { signal } = context;
  const api = await startKubernetesApiDouble(context, {
    key: await tlsFile('server.key'),
    cert: await tlsFile('server.pem'),
  });
  api.addPod({ name: 'server-3-0', labels: serverLabels(3, 0) });
  const target = await openTarget(context, api, { certificateAuthority: await tlsFile('ca.pem') });
  const servers = await target.list(signal);
  assert.equal(problemOf(await target.apply(LOSS, servers, signal)), 'no problem');
  assert.equal(problemOf(await target.clear(servers, { id: LOSS.id, signal })), 'no problem');
  // Each exec has its own; the library would have made one for each request.
  assert.ok(api.connected < 6, `${api.connected} connections for ${api.requests.length} requests`);
  await target.close();
  await waitUntil('no connection is left', () => api.connections === 0);
});

for (const [what, name, authority, code] of [
  ['of another name', 'elsewhere', 'ca', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['that nobody vouches for', 'server', 'stranger', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
] as const) {
  test(`over TLS, with a server ${what}`, async (context) => {
    const tls = { key: await tlsFile(`${name}.key`), cert: await tlsFile(`${name}.pem`) };
    const api = await startKubernetesApiDouble(context, tls);
    const target = await openTarget(context, api, { certificateAuthority: await tlsFile(`${authority}.pem`) });
    await assert.rejects(target.list(context.signal), {
      name: 'UserError',
      message: `the certificate of the Kubernetes API server ${api.url} is not to be trusted (${code}): the kubeconfig has no, or another, certificate-authority-data for it. Is it that of this cluster?`,
    });
    assert.deepEqual(api.requests, []);
  });
}

test('requests share a connection', async (context) => {
  const { api, target, signal } = await startCluster(context);
  // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
  for (let n = 0; n < 10; n++) await target.list(signal);
  // A second one when the first is not quite free; without sharing it would be eleven.
  assert.ok(api.connected < 6, `${api.connected} connections`);
});

for (const how of [
  { status: 409, message: 'the object has been modified' },
  { status: 429, message: 'too many requests' },
  { status: 503, message: 'etcdserver: leader changed' },
  'cut',
  'done, then cut',
] as const) {
  test(`a request that fails in passing is made again (${typeof how === 'string' ? how : how.status})`, async (context) => {
    const { api, target, servers, pods, signal } = await startCluster(context);
    for (const access of ['patch pods/ephemeralcontainers', 'get pods', 'get pods/log'] as const) {
      api.failures.push({ access, how });
    }
    assert.equal(problemOf(await target.apply(LOSS, servers.slice(0, 1), signal)), 'no problem');
    assert.equal(pods[0]?.containers.length, 1);
  });
}

test('a long list comes in pages, and is begun anew when the server has forgotten it', async (context) => {
  const { api, target, signal } = await startCluster(context);
  api.pageLength = 2;
  for (let n = 2; n < 7; n++) api.addPod({ name: `server-3-${n}`, labels: serverLabels(3, n) });
  const before = api.count('list pods');
  assert.equal((await target.list(signal)).length, 7);
  assert.equal(api.count('list pods') - before, 4);

  api.expireNext();
  assert.equal((await target.list(signal)).length, 7);
});

for (const isReplaced of [false, true]) {
  test(`a pod that ${isReplaced ? 'is replaced by another of its name' : 'goes'} before it is ready`, async (context) => {
    const { api, target, servers, pods, signal } = await startCluster(context);
    const [pod] = pods;
    assert.ok(pod);
    pod.plays.push({ ...HOLDS, steps: [{ waiting: 'ContainerCreating' }] });
    const applied = target.apply(LOSS, servers.slice(0, 1), signal);
    await waitUntil('it was looked at', () => api.count('get pods') > 2);
    api.removePod(pod);
    if (isReplaced) api.addPod(pod.options);
    assert.equal(problemOf(await applied), 'pod netwatch/server-3-0 is gone');
  });
}

test('a pod that goes before it is asked for', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  const how = { status: 404, message: 'pods "server-3-0" not found' };
  api.failures.push({ access: 'patch pods/ephemeralcontainers', how });
  assert.equal(problemOf(await target.apply(LOSS, servers.slice(0, 1), signal)), 'pod netwatch/server-3-0 is gone');
});

for (const [what, access] of [
  ['listed', 'list pods'],
  ['asked for', 'patch pods/ephemeralcontainers'],
  ['waited for', 'get pods'],
] as const) {
  test(`an injection that is ${what} ends soon after it is called off`, async (context) => {
    const { api, target, servers } = await startCluster(context);
    const abort = new AbortController();
    api.failures.push({ access, how: 'never answered' });
    const before = api.count(access);
    const applied = target.apply(LOSS, servers.slice(0, 1), abort.signal);
    await Promise.all([
      assert.rejects(applied, /^Error: enough$/),
      waitUntil('it was asked', () => api.count(access) > before).then(() => abort.abort(new Error('enough'))),
    ]);
  });
}

test('an undo whose exec is never answered ends soon after it is called off', async (context) => {
  const { api, target, servers, pods, signal } = await startCluster(context);
  pods[0]?.plays.push({ steps: [READY], onTerm: null });
  await target.apply(LOSS, servers.slice(0, 1), signal);
  const abort = new AbortController();
  api.failures.push({ access: 'get pods/exec', how: 'never answered' });
  const cleared = target.clear(servers.slice(0, 1), { id: null, signal: abort.signal });
  await Promise.all([
    assert.rejects(cleared, /^Error: enough$/),
    waitUntil('it was asked', () => api.count('get pods/exec') > 0).then(() => abort.abort(new Error('enough'))),
  ]);
  await target.close();
  await waitUntil('no connection is left', () => api.connections === 0);
});
