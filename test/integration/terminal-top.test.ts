import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTop } from '../../src/terminal/top.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';
import { LOSSY, treeOf } from '../support/health-trees.ts';
import { startHealthServer } from '../support/health-server.ts';

const HEALTHY = JSON.stringify(treeOf({ racks: 2, servers: 3 }));
const LOSING = JSON.stringify(treeOf({ racks: 2, servers: 3, change: (rack) => (rack === 1 ? LOSSY : {}) }));

test('shows a datacenter live, says when it is lost, and ends with the signal', { timeout: 90_000 }, async (t) => {
  let body = HEALTHY;
  const server = await startHealthServer(() => ({ body }));
  t.after(() => server.close());
  const stdout = createFakeTerminal({ columns: 80, rows: 24 });
  const abort = new AbortController();
  const healthy = stdout.writes('All 6 servers are healthy');
  const done = runTop({ url: server.url, intervalMs: 10, retryMs: 50, stdout, color: false, signal: abort.signal });
  assert.match(stdout.written(), /Asking http:\/\/127\.0\.0\.1/);
  await healthy;

  const losing = stdout.writes('rack 1 server 0: loss 20 %');
  body = LOSING;
  await losing;

  const lost = stdout.writes('controller lost');
  await server.close();
  const frame = await lost;
  assert.match(frame, /controller lost, showing what was known at \d\d:\d\d:\d\d, next try in \d s/);
  assert.match(frame, /rack 1 server 0: loss 20 %/);

  const back = stdout.writes('All 6 servers are healthy');
  body = HEALTHY;
  const again = await startHealthServer(() => ({ body }), server.port);
  t.after(() => again.close());
  assert.doesNotMatch(await back, /controller lost/);

  abort.abort();
  await done;
  assert.ok(stdout.written().endsWith('\u001B[?1049l'), 'gives the terminal back');
});

test('without a controller it says where it asked, and keeps trying', { timeout: 90_000 }, async () => {
  const server = await startHealthServer(() => ({ body: HEALTHY }));
  await server.close();
  const stdout = createFakeTerminal({ columns: 60, rows: 24 });
  const abort = new AbortController();
  const said = stdout.writes('next try in 2 s');
  const done = runTop({ url: server.url, intervalMs: 10, stdout, color: false, signal: abort.signal });
  assert.match(await said, /No datacenter controller answers at/);
  abort.abort();
  await done;
});

test('prints one frame where there is no terminal', async (t) => {
  const server = await startHealthServer(() => ({ body: LOSING }));
  t.after(() => server.close());
  const stdout = createFakeTerminal({ columns: 0, rows: 0, isTTY: false });
  const { signal } = new AbortController();
  await runTop({ url: server.url, intervalMs: 10, stdout, color: false, signal });
  assert.match(stdout.written(), /^NetWatch dc-1/);
  assert.ok(!stdout.written().includes('\u001B'));
  await server.close();
  await assert.rejects(
    runTop({ url: server.url, intervalMs: 10, stdout, color: false, signal }),
    /No datacenter controller answers/,
  );
});
