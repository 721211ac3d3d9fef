import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createAnnouncer, type AnnouncerOptions } from '../../src/chaos/announcer.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { runStatus } from '../../src/terminal/status.ts';
import { runTop } from '../../src/terminal/top.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { endOf, injectionId, noticeOf } from '../support/chaos-notices.ts';
import { runDatacenter, start } from '../support/datacenter-client.ts';
import { createFakeTerminal } from '../support/fake-terminal.ts';
import { startHealthServer } from '../support/health-server.ts';
import { treeOf } from '../support/health-trees.ts';
import { waitUntil } from '../support/wait-until.ts';

const TOKEN = 'integration-test-token-0123456789abcdef';
/** Generous: a busy machine is no failure. */
const timeoutMs = 60_000;

async function tokenFile(context: TestContext, text = TOKEN): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const file = join(directory, 'control.token');
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  return file;
}

/** A datacenter that takes announcements, and an announcer that knows its token. */
async function open(context: TestContext) {
  const running = await runDatacenter(context, { controlTokenFile: await tokenFile(context) });
  const apiUrl = `http://127.0.0.1:${running.datacenter.apiPort}`;
  const json = async (path: string): Promise<unknown> => (await running.get(path)).json();
  return {
    ...running,
    apiUrl,
    announcer: createAnnouncer({ apiUrl, token: TOKEN, timeoutMs }),
    active: async () => ((await json('/api/v1/chaos')) as { injections: ChaosNotice[] }).injections,
    events: async () => ((await json('/api/v1/events')) as { events: DatacenterEvent[] }).events.toReversed(),
  };
}

/** As long as the clock of this machine says: the datacenter has that clock too. */
function currentNotice(lastsSeconds: number | null, changes: Partial<ChaosNotice> = {}): ChaosNotice {
  const now = Date.now() / 1000;
  const until = lastsSeconds === null ? null : now + lastsSeconds;
  return { ...noticeOf({ began_at: now, until }), ...changes };
}

describe('a datacenter is told', { timeout: 180_000 }, () => {
  test('of a beginning and an end, and tells everybody', async (context) => {
    const { announcer, active, events, metric } = await open(context);
    const notice = currentNotice(3600);
    assert.equal(await announcer.begin(notice), null);
    assert.equal(await announcer.begin({ ...notice, description: 'loss 40 %' }), null);
    assert.deepEqual(await active(), [{ ...notice, description: 'loss 40 %' }]);
    assert.equal(await metric('netwatch_chaos_active{target="rack 0",kind="loss"}'), 1);
    assert.equal(await announcer.end(endOf({ reason: 'failed' })), null);
    assert.equal(await announcer.end(endOf()), null);
    assert.deepEqual(await active(), []);
    assert.equal(await metric('netwatch_chaos_active{target="rack 0",kind="loss"}'), null);
    const told = (await events()).flatMap((event) => (event.scope === 'chaos' ? [[event.to, event.chaos.reason]] : []));
    assert.deepEqual(told, [
      ['begun', null],
      ['ended', 'failed'],
    ]);
  });

  test('and ends by itself what a dead injector began', async (context) => {
    const { announcer, events, metricIs } = await open(context);
    const notice = currentNotice(1);
    assert.equal(await announcer.begin(notice), null);
    const [, ended] = await waitUntil('it expired', async () => ((await events()).length === 2 ? events() : null));
    assert.ok(ended?.scope === 'chaos');
    assert.deepEqual([ended.to, ended.chaos.reason, ended.timestamp], ['ended', 'expired', notice.until]);
    await metricIs('netwatch_events_total', 2);
  });

  test('of as many servers as there may be, and of the first of more', async (context) => {
    const { announcer, active } = await open(context);
    const serverIds = Array.from({ length: 300 }, (_, index) => 65_535 - index);
    const servers = Array.from({ length: 70 }, (_, index) => ({ rack_id: 65_535 - index, server_ids: serverIds }));
    assert.equal(await announcer.begin(currentNotice(null, { servers })), null);
    const [taken] = await active();
    assert.equal(taken?.servers.length, 64);
    assert.deepEqual(taken.servers[63], { rack_id: 65_472, server_ids: serverIds.slice(0, 256) });
  });

  test('and not on the metrics port, nor with more than it takes', async (context) => {
    const { datacenter, apiUrl } = await open(context);
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const post = async (url: string, body: string) =>
      (await fetch(`${url}/api/v1/chaos/begin`, { method: 'POST', headers, body })).status;
    assert.equal(await post(`http://127.0.0.1:${datacenter.metricsPort}`, JSON.stringify(currentNotice(9))), 404);
    assert.equal(await post(apiUrl, ' '.repeat(200_000)), 413);
    assert.equal(await post(apiUrl, JSON.stringify(currentNotice(9))), 200);
  });

  test('a token file that cannot be used keeps it from starting, and shows no token', async (context) => {
    await assert.rejects(
      start({ controlTokenFile: '/nonexistent/token' }),
      /the token file \/nonexistent\/token cannot/,
    );
    const short = await tokenFile(context, 'too-short');
    await assert.rejects(start({ controlTokenFile: short }), (error) => {
      assert.ok(error instanceof Error && !error.message.includes('too-short'));
      return true;
    });
  });
});

describe('why it was not told', { timeout: 180_000 }, () => {
  const say = async (options: AnnouncerOptions): Promise<string | null> => {
    const announcer = createAnnouncer({ timeoutMs, retryMs: 1, ...options });
    const why = await announcer.begin(currentNotice(9));
    assert.equal(await announcer.end(endOf()), why, 'the same of an end');
    assert.ok(why === null || !why.includes(TOKEN));
    return why;
  };

  /** Answers every request alike, or not at all. */
  async function answering(context: TestContext, answer: { status: number; body: string } | null) {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      request.resume();
      if (answer !== null) response.writeHead(answer.status, { connection: 'close' }).end(answer.body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return { apiUrl: `http://127.0.0.1:${address.port}`, asked: () => asked };
  }

  test('another token, none that it knows, and none at all', async (context) => {
    const { apiUrl, active, metric } = await open(context);
    const who = `the datacenter controller at ${apiUrl}`;
    const other = await say({ apiUrl, token: `${TOKEN}x` });
    assert.equal(other, `${who} does not know this token; give the one of its --control-token-file`);
    assert.equal(await metric('netwatch_chaos_notices_rejected_total{reason="bad-token"}'), 2);
    const none = await say({ apiUrl, token: null });
    assert.match(none ?? '', /^no token was given for http:.*, with --control-token-file$/);
    assert.deepEqual(await active(), []);
    const { datacenter } = await runDatacenter(context);
    const closed = await say({ apiUrl: `http://127.0.0.1:${datacenter.apiPort}`, token: TOKEN });
    assert.match(closed ?? '', /takes no announcements; start it with --control-token-file to allow them$/);
  });

  test('a wrong notice and too many of them, in the words of the datacenter', async (context) => {
    const { apiUrl, announcer } = await open(context);
    const wrong = await announcer.begin(currentNotice(9, { id: 'x' }));
    assert.equal(
      wrong,
      `the datacenter controller at ${apiUrl} answers with HTTP status 400: id is "x": allowed is 12 hex digits in lower case.`,
    );
    for (let number = 0; number < 64; number++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      assert.equal(await announcer.begin(currentNotice(null, { id: injectionId(number) })), null);
    }
    const many = await announcer.begin(currentNotice(null, { id: injectionId(64) }));
    assert.match(many ?? '', /HTTP status 429: 64 injections are active, which is the most: /);
  });

  test('nobody there, somebody slow, somebody else', async (context) => {
    const gone = await startHealthServer(() => 'never');
    await gone.close();
    assert.equal(
      await say({ apiUrl: gone.url, token: TOKEN }),
      `the datacenter controller at ${gone.url} does not answer (ECONNREFUSED)`,
    );
    const slow = await answering(context, null);
    assert.match(
      (await say({ apiUrl: slow.apiUrl, token: TOKEN, timeoutMs: 50 })) ?? '',
      /does not answer within 0\.05 s$/,
    );
    const broken = await answering(context, { status: 503, body: '{"detail":"not \\u001b[2Jready"}' });
    assert.match((await say({ apiUrl: broken.apiUrl, token: TOKEN })) ?? '', /HTTP status 503: not \[2Jready$/);
    assert.equal(broken.asked(), 4);
    const old = await answering(context, { status: 404, body: '' });
    assert.match((await say({ apiUrl: old.apiUrl, token: TOKEN })) ?? '', /older release that takes no announcements/);
    assert.equal(old.asked(), 2);
    const other = await answering(context, { status: 200, body: '<html>' });
    assert.match((await say({ apiUrl: other.apiUrl, token: TOKEN })) ?? '', /is not a NetWatch datacenter controller/);
    assert.match((await say({ apiUrl: 'localhost', token: TOKEN })) ?? '', /^"localhost" is not the URL of a /);
    assert.match((await say({ apiUrl: gone.url, token: `${TOKEN}\n` })) ?? '', /does not answer \(/);
  });
});

describe('on the terminal', { timeout: 180_000 }, () => {
  test('top shows it while it lasts', async (context) => {
    const { apiUrl, announcer } = await open(context);
    const stdout = createFakeTerminal({ columns: 80, rows: 24 });
    const abort = new AbortController();
    const { signal } = abort;
    const shown = stdout.writes('chaos: delay 200 ms, loss 20 % on rack 0, until cleared');
    const done = runTop({ url: apiUrl, intervalMs: 10, stdout, color: false, signal, timeoutMs });
    await announcer.begin(currentNotice(null));
    await shown;
    await announcer.end(endOf());
    const isShown = (): boolean => (stdout.written().split('\u001B[H').at(-1) ?? '').includes('chaos:');
    await waitUntil('it is shown no more', () => !isShown());
    abort.abort();
    await done;
  });

  test('status shows it, and its JSON is the tree as ever', async (context) => {
    const { apiUrl, announcer, health } = await open(context);
    await announcer.begin(currentNotice(null));
    const print = async (json: boolean): Promise<string> => {
      const stdout = createFakeTerminal({ columns: 80, rows: 24, isTTY: false });
      assert.equal(await runStatus({ url: apiUrl, json, stdout, stderr: stdout, color: false, timeoutMs }), 0);
      return stdout.written();
    };
    assert.match(await print(false), /\nchaos: delay 200 ms, loss 20 % on rack 0, until cleared\n/);
    const tree = JSON.parse(await print(true)) as object;
    assert.deepEqual(Object.keys(tree), Object.keys(await health()));
  });

  test('a datacenter of a release that knows no chaos is shown as ever', async (context) => {
    const server = await startHealthServer(() => ({ body: JSON.stringify(treeOf({ racks: 1, servers: 2 })) }));
    context.after(() => server.close());
    const stdout = createFakeTerminal({ columns: 80, rows: 24, isTTY: false });
    const { signal } = new AbortController();
    await runTop({ url: server.url, intervalMs: 10, stdout, color: false, signal, timeoutMs });
    assert.match(stdout.written(), /^NetWatch dc-1/);
    assert.doesNotMatch(stdout.written(), /chaos/);
  });
});
