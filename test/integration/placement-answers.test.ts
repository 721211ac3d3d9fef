import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, refusal } from '../support/kubernetes-answers.ts';
import { startPlacementCluster, ZONE } from '../support/placement-cluster.ts';

const list = (items: unknown): Answer => ({
  status: 200,
  body: { apiVersion: 'coordination.k8s.io/v1', kind: 'LeaseList', metadata: {}, items },
});
const PAGE: Answer = { status: 200, body: '<html>Log in to go on</html>' };

describe('an answer that makes no sense is told with who was asked what', () => {
  for (const [what, access, answer, message] of [
    [
      'a node without a uid',
      'get nodes',
      { status: 200, body: { kind: 'Node', metadata: {} } },
      /no node worker-1: it has no metadata\.uid/,
    ],
    [
      'a node that is a web page',
      'get nodes',
      PAGE,
      /asked to get nodes in the cluster, it answered with no node worker-1/,
    ],
    [
      'a list without items',
      'list leases',
      { status: 200, body: { kind: 'LeaseList' } },
      /no list of leases: there are no items in it/,
    ],
    [
      'a list that is a web page',
      'list leases',
      PAGE,
      /asked to list leases in namespace netwatch, it answered with no list of leases/,
    ],
    ['a null among its items', 'list leases', list([null]), /a list of leases whose item 0 is null/],
    ['items that are an object', 'list leases', list({}), /it answered 200, application\/json: /],
    ['nothing where a Lease was made', 'create leases', PAGE, /with no Lease rack-0, which should have been made/],
  ] as const) {
    test(what, async (context) => {
      const { api, place } = await startPlacementCluster(context);
      api.lie = (asked) => (asked === access ? answer : null);
      await assert.rejects(place('worker-1'), (error: Error) => {
        assert.equal(error.name, 'UserError');
        assert.ok(error.message.startsWith(`what answers at ${api.url} is no Kubernetes API server, or one that`));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(api.leases, []);
    });
  }

  test('JSON that is a web page', async (context) => {
    const { api, place } = await startPlacementCluster(context);
    api.contentType = 'application/json';
    api.lie = () => PAGE;
    await assert.rejects(
      place('worker-1'),
      /asked to get nodes in the cluster, it answered 200, application\/json: .*<html>/,
    );
  });
});

test('a list without an end', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  const page = { kind: 'LeaseList', metadata: { continue: 'more' }, items: [] };
  api.lie = (asked) => (asked === 'list leases' ? { status: 200, body: page } : null);
  await assert.rejects(
    place('worker-1'),
    /it answered 100 pages of up to 500, each of which says that another follows/,
  );
  assert.equal(api.requests.length, 101);
});

test('what takes too long is left, and says what it was at', async (context) => {
  const deadline = new AbortController();
  const { api, place } = await startPlacementCluster(context, deadline.signal);
  api.lie = (asked) => {
    if (asked === 'list leases') deadline.abort();
    return null;
  };
  await assert.rejects(place('worker-1'), {
    name: 'UserError',
    message: /^node worker-1 has no place after 300 s; .* asked last to list leases in namespace netwatch, at http:/,
  });
});

test('a Lease of somebody else is passed over', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  api.leases.push({ metadata: { name: 'rack-0' } }, { metadata: { name: 'rack-1-server-0' } });
  assert.equal(await place('worker-1'), '1/1');
  assert.match(await place('worker-3'), /^1\/[23]$/);
  assert.ok(api.requests.length < 20, api.requests.join(', '));
});

test('an API server that makes no Lease at all is not asked for ever', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  api.lie = (asked) => (asked === 'create leases' ? refusal(409, 'it already exists') : null);
  api.nodes.set('labelled', { 'netwatch.io/rack': '0' });
  await assert.rejects(
    place('worker-1'),
    /none of the Leases rack-0, rack-1, rack-2: .* delete lease rack-0 rack-1 rack-2$/,
  );
  assert.ok(api.requests.length < 20, api.requests.join(', '));
});

test('a zone claims no rack in which a node stands by its label', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  api.nodes.set('labelled', { 'netwatch.io/rack': '0', [ZONE]: 'west-a' });
  assert.deepEqual([await place('labelled'), await place('worker-1')], ['0/0', '1/0']);
});

test('whoever may not get nodes is told that this needs a ClusterRole', async (context) => {
  const { api, place } = await startPlacementCluster(context);
  api.denied.add('get nodes');
  await assert.rejects(
    place('worker-1'),
    /ask for a ClusterRoleBinding to the ClusterRole .*kind: ClusterRole\nmetadata: \{ name: netwatch-placement \}/s,
  );
});
