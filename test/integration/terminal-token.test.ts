import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStatus } from '../../src/terminal/status.ts';
import { runTop } from '../../src/terminal/top.ts';
import { API_TOKEN, runApiDatacenter } from '../support/api-datacenter.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';

test('status and top show a datacenter that wants a token its token, and say what to do without', async (context) => {
  const { datacenter } = await runApiDatacenter(context);
  const url = `http://127.0.0.1:${datacenter.apiPort}`;
  const status = async (token: string | null) => {
    const stdout = createFakeTerminal({ columns: 120, rows: 40, isTTY: false });
    const stderr = createFakeTerminal({ columns: 120, rows: 40, isTTY: false });
    const code = await runStatus({ url, token, json: true, stdout, stderr, color: false });
    return { code, out: stdout.written(), error: stderr.written() };
  };
  const good = await status(API_TOKEN);
  assert.deepEqual([good.code, good.error], [0, '']);
  assert.equal((JSON.parse(good.out) as { dc_id: string }).dc_id, 'dc-1');
  const none = await status(null);
  assert.equal(none.code, 1);
  assert.match(none.error, /HTTP status 401\. It wants a token: give the file that has it with --token-file\./);
  const wrong = await status('another-token-than-the-one-it-wants');
  assert.match(wrong.error, /HTTP status 401\. The token is not the one it was started with \(--api-token-file\)\./);
  const { signal } = new AbortController();
  const stdout = createFakeTerminal({ columns: 120, rows: 40, isTTY: false });
  await runTop({ url, token: API_TOKEN, intervalMs: 10, stdout, color: false, signal });
  assert.match(stdout.written(), /dc-1/);
});
