import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownHealth } from '../../src/lab/lab-view.ts';
import { untilReady } from '../../src/lab/readiness.ts';
import { finalTree, watchHealth } from '../../src/lab/watch-health.ts';
import { startHealthServer } from '../support/health-server.ts';
import { treeOf } from '../support/health-trees.ts';

const TREE = treeOf({ racks: 1, servers: 2 });
const BODY = JSON.stringify(TREE);

test(
  'asks until it is told to stop, and says when nobody answers and when somebody does',
  { timeout: 90_000 },
  async (t) => {
    const server = await startHealthServer(() => ({ body: BODY }));
    t.after(() => server.close());
    const stop = new AbortController();
    const states: string[] = [];
    let again: { close(): Promise<void> } | undefined;
    t.after(() => again?.close());
    const known = await watchHealth({
      url: server.url,
      durationSeconds: Infinity,
      signal: stop.signal,
      onHealth: ({ tree, isLost }) => {
        states.push(`${tree === null ? 'nothing' : 'a tree'}${isLost ? ', lost' : ''}`);
        if (states.length === 1) void server.close();
        if (states.length === 2) {
          void startHealthServer(() => ({ body: BODY }), server.port).then((started) => (again = started));
        }
        if (states.length > 2 && !isLost) stop.abort();
      },
    });
    assert.deepEqual([...new Set(states)], ['a tree', 'a tree, lost']);
    assert.equal(states.at(-1), 'a tree');
    assert.deepEqual(known.tree, TREE);
  },
);

test('ends with its duration, also in the midst of an answer that does not come', { timeout: 90_000 }, async (t) => {
  const server = await startHealthServer(() => 'never');
  t.after(() => server.close());
  const { signal } = new AbortController();
  const onHealth = (): void => assert.fail('the end of the duration is no loss of the datacenter');
  const known = await watchHealth({ url: server.url, durationSeconds: 0.05, signal, onHealth });
  assert.equal(known.tree, null);
});

test('the final tree is the one of now, else the last one if that is not old', { timeout: 90_000 }, async (t) => {
  const older = treeOf({ racks: 2, servers: 2 });
  const known: KnownHealth = { tree: older, injections: [], fetchedSeconds: Date.now() / 1000, isLost: false };
  const server = await startHealthServer(() => ({ body: BODY }));
  t.after(() => server.close());
  assert.deepEqual(await finalTree(server.url, known), TREE);
  await server.close();
  assert.deepEqual(await finalTree(server.url, known), older);
  await assert.rejects(finalTree(server.url, { ...known, fetchedSeconds: known.fetchedSeconds - 60 }), /answers/);
  await assert.rejects(finalTree(server.url, { ...known, tree: null }), /answers/);
});

test('waits until a process is ready, not only there', { timeout: 90_000 }, async (t) => {
  let asked = 0;
  const server = await startHealthServer(() => ({ status: (asked += 1) < 3 ? 503 : 200, body: 'ready' }));
  t.after(() => server.close());
  const url = `${server.url}/api/v1/health`;
  const { signal } = new AbortController();
  await untilReady({ name: 'rack-0', url, deadlineMs: 10_000, signal, intervalMs: 1 });
  assert.equal(asked, 3);
});

test(
  'a process that does not get ready is named, and what ends the start ends the waiting',
  { timeout: 90_000 },
  async (t) => {
    const server = await startHealthServer(() => ({ status: 503, body: '' }));
    t.after(() => server.close());
    const options = { name: 'rack-3', url: `${server.url}/api/v1/health`, intervalMs: 1 };
    const { signal } = new AbortController();
    await assert.rejects(
      untilReady({ ...options, deadlineMs: 5, signal }),
      /^Error: rack-3 was not ready within 0\.005 s/,
    );
    const reason = new Error('agent-0 ended');
    const stop = new AbortController();
    const waiting = untilReady({ ...options, deadlineMs: 60_000, signal: stop.signal });
    stop.abort(reason);
    await assert.rejects(waiting, reason);
  },
);
