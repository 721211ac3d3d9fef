import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FetchHealthError, fetchHealth } from '../../src/terminal/fetch-health.ts';
import { runStatus } from '../../src/terminal/status.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';
import { FAULTY_TREE } from '../support/faulty-tree.ts';
import { treeOf } from '../support/health-trees.ts';
import { startHealthServer } from '../support/health-server.ts';

const TREE = treeOf({ racks: 2, servers: 3 });
const options = { timeoutMs: 5000 };

test('fetches the tree, with or without a slash at the end of the URL', async (t) => {
  const server = await startHealthServer(() => ({ body: JSON.stringify(TREE) }));
  t.after(() => server.close());
  assert.deepEqual(await fetchHealth(server.url, options), TREE);
  assert.deepEqual(await fetchHealth(`${server.url}/`, options), TREE);
});

test('says what is wrong, where, and what to do', async (t) => {
  let answer: { status?: number; body: string } | 'never' = { body: '' };
  const server = await startHealthServer(() => answer);
  t.after(() => server.close());
  const address = `${server.url}/api/v1/health`;
  const fails = async (expected: RegExp, timeoutMs = 5000): Promise<void> =>
    assert.rejects(fetchHealth(server.url, { timeoutMs }), (error) => {
      assert.ok(error instanceof FetchHealthError);
      assert.ok(error.message.includes(address), error.message);
      assert.match(error.message, expected);
      return true;
    });

  answer = { status: 404, body: 'not found' };
  await fails(/HTTP status 404\. Does the URL belong to a NetWatch datacenter/);
  answer = { status: 503, body: '' };
  await fails(/HTTP status 503\.$/);
  answer = { body: '<html>' };
  await fails(/not the health of a datacenter \(not JSON\)/);
  answer = { body: JSON.stringify({ ...TREE, health_score: 7 }) };
  await fails(/not the health of a datacenter \(health_score: /);
  answer = 'never';
  await fails(/did not answer within 0\.05 s/, 50);
  await server.close();
  await fails(/^No datacenter controller answers at .* \(ECONNREFUSED\)\. Start one, or give the URL .* --url\.$/);
});

test('a URL that is none is said to be none', async () => {
  for (const url of ['localhost:8080', '', 'ftp://somewhere']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await assert.rejects(fetchHealth(url, options), /is not the URL of a datacenter controller; give one such as http/);
  }
});

test('an abort is not a failure of the controller', async (t) => {
  const server = await startHealthServer(() => 'never');
  t.after(() => server.close());
  const reason = new Error('enough');
  await assert.rejects(fetchHealth(server.url, { ...options, signal: AbortSignal.abort(reason) }), reason);
});

test('status prints the tree as JSON or as a table, and returns 0', async (t) => {
  const server = await startHealthServer(() => ({ body: JSON.stringify(FAULTY_TREE) }));
  t.after(() => server.close());
  const print = async (json: boolean): Promise<string> => {
    const stdout = createFakeTerminal({ columns: 80, rows: 24, isTTY: false });
    assert.equal(await runStatus({ url: server.url, json, stdout, stderr: stdout, color: false }), 0);
    return stdout.written();
  };
  assert.deepEqual(JSON.parse(await print(true)), FAULTY_TREE);
  const table = await print(false);
  assert.match(table, /^NetWatch dc-1 .* 4 racks, 32 servers/);
  assert.match(table, /^· rack 2: delay \+5\.0 ms on 4 of 8 servers, since/m);
});

test('status returns 1 when there is nothing to print, with the reason on stderr', async () => {
  const server = await startHealthServer(() => ({ body: '' }));
  await server.close();
  const stdout = createFakeTerminal({ columns: 80, rows: 24 });
  const stderr = createFakeTerminal({ columns: 80, rows: 24 });
  assert.equal(await runStatus({ url: server.url, json: true, stdout, stderr, color: false }), 1);
  assert.equal(stdout.written(), '');
  assert.match(stderr.written(), /^No datacenter controller answers at http.*\n$/);
});
