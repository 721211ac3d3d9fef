import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { createKubernetesTarget } from '../../src/chaos/targets/kubernetes.ts';
import { UserError } from '../../src/io/user-error.ts';
import { startKubernetesApiDouble } from '../support/kubernetes-api-double.ts';
import { LOSS, openTarget, problemOf, serverLabels, startCluster } from '../support/kubernetes-cluster.ts';
import { HOLDS } from '../support/kubernetes-pod-double.ts';
import { writeKubeconfig } from '../support/kubeconfig-file.ts';

const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: netwatch-chaos, namespace: netwatch }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [get, list] }
  - { apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [patch] }
  - { apiGroups: [""], resources: [pods/log], verbs: [get] }
  - { apiGroups: [""], resources: [pods/exec], verbs: [get, create] }`;

test('no server answers', async (context) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  const target = createKubernetesTarget({
    kubeconfig: await writeKubeconfig(context, `http://127.0.0.1:${address.port}`),
    kubeContext: null,
    namespace: 'netwatch',
    selector: 'app=server',
    helperImage: 'netwatch-chaos',
  });
  await assert.rejects(target.list(context.signal), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      `no Kubernetes API server answers at http://127.0.0.1:${address.port} (ECONNREFUSED). Is the cluster up, and is it the one that --kube-context should name?`,
    );
    return true;
  });
});

test('a login that has expired', async (context) => {
  const api = await startKubernetesApiDouble(context);
  const target = await openTarget(context, api, { user: { token: 'an-old-token' } });
  await assert.rejects(target.status(context.signal), /does not accept this login \(401\): .* has expired/);
});

test('a context that the kubeconfig has not', async (context) => {
  const api = await startKubernetesApiDouble(context);
  const target = await openTarget(context, api, { kubeContext: 'production' });
  await assert.rejects(target.list(context.signal), {
    name: 'UserError',
    message: 'the kubeconfig has no context "production"; it has test',
  });
});

test('a kubeconfig whose login program is not there', async (context) => {
  const api = await startKubernetesApiDouble(context);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: '/nowhere/login', interactiveMode: 'Never' };
  const target = await openTarget(context, api, { user: { exec } });
  await assert.rejects(
    target.list(context.signal),
    /^UserError: the kubeconfig gives no login for http:.*\/nowhere\/login.* Does kubectl get pods work/,
  );
  assert.deepEqual(api.requests, []);
});

test('no kubeconfig at all', async (context) => {
  const target = createKubernetesTarget({
    kubeconfig: undefined,
    homeDirectory: '/nowhere',
    kubeContext: null,
    namespace: 'netwatch',
    selector: 'app=server',
    helperImage: 'netwatch-chaos',
  });
  await assert.rejects(target.list(context.signal), {
    name: 'UserError',
    message:
      'no Kubernetes cluster is known: there is no /nowhere/.kube/config, and KUBECONFIG names no other. Set KUBECONFIG to the file with which kubectl reaches the cluster.',
  });
  await target.close();
});

test('a namespace without pods', async (context) => {
  const target = await openTarget(context, await startKubernetesApiDouble(context));
  const message =
    'namespace netwatch has no pods at all, or does not exist (kubectl get namespaces lists those that do); name another with --namespace';
  await assert.rejects(target.list(context.signal), { name: 'ChaosError', message });
  await assert.rejects(target.status(context.signal), { name: 'ChaosError', message });
});

test('a selector that selects nothing names the labels there are', async (context) => {
  const api = await startKubernetesApiDouble(context);
  api.addPod({ name: 'web-1', labels: { app: 'web', tier: 'front' } });
  api.addPod({ name: 'web-2', labels: { app: 'web', tier: 'back' } });
  const target = await openTarget(context, api);
  await assert.rejects(target.list(context.signal), {
    name: 'ChaosError',
    message:
      'no pod of namespace netwatch has the labels app=server; the 2 pods there have these labels: app=web, tier=back, tier=front. Select servers with --selector.',
  });
});

test('two pods that say the same of themselves', async (context) => {
  const { api, target, signal } = await startCluster(context);
  api.addPod({ name: 'copy', labels: serverLabels(3, 1) });
  await assert.rejects(
    target.list(signal),
    /^ChaosError: pod netwatch\/server-3-1 and pod netwatch\/copy both say that they are server 1 of rack 3;/,
  );
});

test('what may not be listed', async (context) => {
  const { api, target, signal } = await startCluster(context);
  api.denied.add('list pods');
  const message = `"jane" may not list pods in namespace netwatch: ask for a RoleBinding to a Role with these rules\n${ROLE}`;
  await assert.rejects(target.list(signal), { name: 'UserError', message });
  await assert.rejects(target.status(signal), { name: 'UserError', message });
  await assert.rejects(target.clear([], { id: null, signal }), { name: 'UserError', message });
});

for (const [access, tried] of [
  ['patch pods/ephemeralcontainers', 'patch pods/ephemeralcontainers'],
  ['get pods/log', 'get pods/log'],
  ['get pods', 'get pods'],
] as const) {
  test(`an injection that may not ${access} is refused as a whole, and says so once`, async (context) => {
    const { api, target, servers, signal } = await startCluster(context);
    api.denied.add(access);
    await assert.rejects(target.apply(LOSS, servers, signal), {
      name: 'UserError',
      message: `"jane" may not ${tried} in namespace netwatch: ask for a RoleBinding to a Role with these rules\n${ROLE}`,
    });
  });
}

test('an undo that may not execute says so, and which rule is missing', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  await target.apply(LOSS, servers, signal);
  api.denied.add('get pods/exec');
  await assert.rejects(target.clear(servers, { id: null, signal }), {
    name: 'UserError',
    message: `this login may not get pods/exec in namespace netwatch: ask for a RoleBinding to a Role with these rules\n${ROLE}`,
  });
});

for (const level of ['baseline', 'restricted'] as const) {
  test(`a namespace whose Pod Security is ${level}`, async (context) => {
    const { api, target, servers, signal } = await startCluster(context);
    api.podSecurity = level;
    await assert.rejects(
      target.apply(LOSS, servers, signal),
      new RegExp(
        `^UserError: namespace netwatch enforces Pod Security "${level}:latest", which allows no container with NET_ADMIN.*kubectl label --overwrite namespace netwatch pod-security.kubernetes.io/enforce=privileged\n`,
      ),
    );
  });
}

test('rules of the cluster’s own count for the pod that they refuse', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  const message = 'admission webhook "policy.example" denied the request: image not signed';
  api.failures.push({ access: 'patch pods/ephemeralcontainers', how: { status: 403, message } });
  const problems = (await target.apply(LOSS, servers, signal)).map(({ problem }) => problem);
  assert.deepEqual(
    new Set(problems),
    new Set([
      null,
      `the cluster's admission rules refuse to patch pods/ephemeralcontainers in namespace netwatch: ${message}`,
    ]),
  );
});

test('a pod that uses the network of its node is refused', async (context) => {
  const { api, target, signal } = await startCluster(context);
  const pod = api.addPod({ name: 'host', labels: serverLabels(4, 0), hostNetwork: true });
  const servers = (await target.list(signal)).filter(({ rackId }) => rackId === 4);
  assert.match(
    problemOf(await target.apply(LOSS, servers, signal)),
    /^pod netwatch\/host uses the network of its node/,
  );
  assert.deepEqual(pod.containers, []);
});

test('a pod keeps its containers for ever, so it takes a hundred and no more', async (context) => {
  const { target, servers, pods, signal } = await startCluster(context);
  const some = servers.slice(0, 1);
  pods[0]?.merge(
    Array.from({ length: 100 }, (_, n) => ({ name: `netwatch-chaos-${n}`, image: 'netwatch-chaos' })).map(
      (container) => {
        pods[0]?.plays.push({ ...HOLDS, steps: [{ exit: 0 }] });
        return container;
      },
    ),
  );
  assert.match(problemOf(await target.apply(LOSS, some, signal)), /has had 100 injections.*kubectl delete pod/);
});

test('the same injection cannot be put into a pod twice', async (context) => {
  const { target, servers, signal } = await startCluster(context);
  const some = servers.slice(0, 1);
  await target.apply(LOSS, some, signal);
  assert.match(problemOf(await target.apply(LOSS, some, signal)), /has had the injection 0123456789ab already/);
});

test('what would be done is told without doing it', async (context) => {
  const { api, target, servers, signal } = await startCluster(context);
  const asked = api.requests.length;
  const [planned] = target.plan(LOSS, servers);
  assert.equal(api.requests.length, asked);
  assert.deepEqual(planned?.server, servers[0]);
  const lines = planned?.commands ?? [];
  assert.match(
    lines[1] ?? '',
    /^kubectl debug --namespace netwatch server-3-0 .*--image netwatch-chaos:1 --profile netadmin/,
  );
  assert.ok(
    lines.some((line) => /^tc qdisc replace dev eth0 .*netem loss 20%/.test(line)),
    lines.join('\n'),
  );
  assert.match(lines.at(-1) ?? '', /^kubectl exec --namespace netwatch server-3-0 .*kill -TERM/);
  const strange = { rackId: 9, serverId: 9, place: 'pod netwatch/other' };
  assert.throws(() => target.plan(LOSS, [strange]), UserError);
  assert.equal(problemOf(await target.apply(LOSS, [strange], signal)), 'pod netwatch/other does not run any more');
});
