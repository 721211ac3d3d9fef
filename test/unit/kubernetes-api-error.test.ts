import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApiCall, ApiFailure } from '../../src/kubernetes/api-call.ts';
import { KubernetesApiError } from '../../src/kubernetes/api-error.ts';
import type { Login } from '../../src/kubernetes/login.ts';

const IN_POD: Login = { files: [], hasContextFlag: false, networkPolicy: 'placement' };
const WITH_FILE: Login = { files: ['/etc/kube'], hasContextFlag: false, networkPolicy: 'placement' };
const OF_CHAOS: Login = { files: ['/etc/kube'], hasContextFlag: true, networkPolicy: null };

const CALL: Omit<ApiCall, 'login'> = {
  verb: 'list',
  resource: 'leases',
  namespace: 'netwatch',
  server: 'https://10.96.0.1:443',
  role: 'kind: Role',
};

function textOf(login: Login, status: ApiFailure['status'], call: Partial<ApiCall> = {}, message = 'why'): string {
  return new KubernetesApiError({ call: { ...CALL, login, ...call }, status, message }).message;
}

describe('a pod has no kubeconfig, and its errors', () => {
  test('name the policy, the address and the port where nothing answers', () => {
    const text = textOf(IN_POD, 'unanswered', {}, 'nothing within 15 s');
    assert.match(text, /^no Kubernetes API server answers at https:\/\/10\.96\.0\.1:443 \(nothing within 15 s\)\. /);
    assert.match(
      text,
      /This pod tried 10\.96\.0\.1, TCP port 443: see that the NetworkPolicy placement lets it through/,
    );
    assert.match(textOf(IN_POD, 'unanswered', { server: 'https://api:6443' }), /tried api, TCP port 6443/);
  });

  test('name its service account where it may not log in', () => {
    assert.match(textOf(IN_POD, 401), /\(401\): the token of the service account of this pod has expired/);
    assert.match(
      textOf(IN_POD, 'unsent'),
      /^the service account of this pod gives no login .*: why\. Its token must be/,
    );
    assert.match(textOf(IN_POD, 'unanswered', {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /the ca\.crt beside the token/);
  });

  test('speak of no kubeconfig, and of no flag that there is not', () => {
    for (const status of ['unanswered', 'unsent', 'senseless', 401, 403, 404, 500] as const) {
      assert.doesNotMatch(textOf(IN_POD, status), /kubeconfig|--kube-context/i);
      assert.doesNotMatch(textOf(WITH_FILE, status), /service account|--kube-context|NetworkPolicy/i);
    }
  });
});

test('with a kubeconfig its file is named', () => {
  for (const status of ['unanswered', 'unsent', 401] as const) assert.match(textOf(WITH_FILE, status), /\/etc\/kube/);
});

test('chaos can name another context', () => {
  assert.match(textOf(OF_CHAOS, 'unanswered'), /is it the one that --kube-context should name\?$/);
  assert.match(textOf(OF_CHAOS, 401), /or name another --kube-context\.$/);
});

test('what belongs to no namespace needs a ClusterRole, anything else a Role', () => {
  const nodes = textOf(IN_POD, 403, { verb: 'get', resource: 'nodes', namespace: null }, '');
  assert.match(nodes, /nodes belong to no namespace: ask for a ClusterRoleBinding to the ClusterRole/);
  assert.match(textOf(IN_POD, 403, {}, ''), /: ask for a RoleBinding to a Role with these rules\nkind: Role$/);
});

test('an answer that makes no sense says who was asked what, and what came back', () => {
  assert.match(
    textOf(IN_POD, 'senseless', {}, '200, text/html'),
    /^what answers at https:\/\/10\.96\.0\.1:443 is no Kubernetes API server, .*: asked to list leases in namespace netwatch, it answered 200, text\/html\. /,
  );
});
