import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createAnnouncer } from '../../src/chaos/announcer.ts';
import { reconcile } from '../../src/chaos/reconcile.ts';
import { runClear } from '../../src/chaos/run-clear.ts';
import { runInjection } from '../../src/chaos/run-injection.ts';
import { runStatus } from '../../src/chaos/run-status.ts';
import { chaosSpec } from '../../src/config/chaos.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { DatacenterEvent } from '../../src/datacenter/events.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { injectionId, noticeOf } from '../support/chaos-notices.ts';
import { runDatacenter } from '../support/datacenter-client.ts';
import { FakeTarget, servers } from '../support/fake-chaos-target.ts';
import { lossOf } from '../support/injections.ts';
import { waitUntil } from '../support/wait-until.ts';

const TOKEN = 'integration-test-token-0123456789abcdef';
const EVERYTHING = { racks: null, servers: null };

/** A target of two racks of two servers, and a datacenter that is told of it. */
async function open(context: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const controlTokenFile = join(directory, 'control.token');
  await writeFile(controlTokenFile, TOKEN, { mode: 0o600 });
  const { datacenter, get } = await runDatacenter(context, { controlTokenFile });
  const apiUrl = `http://127.0.0.1:${datacenter.apiPort}`;
  const announcer = createAnnouncer({ apiUrl, token: TOKEN });
  const target = new FakeTarget(servers(2, 2));
  const told: string[] = [];
  const sink = {
    write: (text: string) => {
      told.push(text);
      return true;
    },
  };
  const common = {
    reach: { target, apiUrl, token: TOKEN, untold: null },
    output: { stdout: sink, stderr: sink, json: false, showsProgress: false },
    signal: new AbortController().signal,
  };
  const shown = async (): Promise<readonly ChaosNotice[]> => {
    const { injections } = (await (await get('/api/v1/chaos')).json()) as { injections: ChaosNotice[] };
    return injections;
  };
  return {
    target,
    common,
    said: () => told.join(''),
    announce: async (changes: Partial<ChaosNotice> & { readonly id: string }) => {
      const now = Date.now() / 1000;
      const shape = { servers: [{ rack_id: 0, server_ids: [0, 1] }], began_at: now, until: null };
      assert.equal(await announcer.begin({ ...noticeOf(), ...shape, ...changes }), null);
    },
    active: async () => (await shown()).map(({ id }) => id),
    /** Where each injection is, as the datacenter shows it. */
    places: async () => (await shown()).map(({ scope, servers: on }) => ({ scope, on })),
    announceEnd: async (id: string) => {
      assert.equal(await announcer.end({ id, ended_at: Date.now() / 1000, reason: 'cleared' }), null);
    },
    /** Why what is over has ended. */
    reasons: async () => {
      const { events } = (await (await get('/api/v1/events')).json()) as { events: DatacenterEvent[] };
      return events.flatMap((event) => (event.scope === 'chaos' && event.to === 'ended' ? [event.chaos.reason] : []));
    },
    inject: (flags: Readonly<Record<string, unknown>>) => {
      const config = loadConfig(chaosSpec, { flags: { rack: ['0'], loss: '5', ...flags }, env: {}, file: undefined });
      return runInjection({ ...common, config, impairment: lossOf(0.05) });
    },
  };
}

describe('what a datacenter shows and nobody holds', { timeout: 180_000 }, () => {
  test('ends with the injection that took its place', async (context) => {
    const { target, inject, active, said } = await open(context);
    assert.equal(await inject({ forever: true, detach: true }), true);
    const [old] = await active();
    assert.ok(old !== undefined);
    assert.equal(await inject({ forever: true, detach: true }), true);
    const held = new Set([...target.held.values()].map(({ id }) => id));
    assert.ok(held.size === 1 && !held.has(old));
    assert.deepEqual(await active(), [...held]);
    assert.match(said(), new RegExp(`this takes the place of loss 5 % \\(id ${old}\\)`));
    assert.match(said(), new RegExp(`the datacenter still showed loss 5 % on rack 0 \\(id ${old}\\)`));
  });

  test('goes on being shown where some of its servers still hold it, and on those only', async (context) => {
    const { common, target, inject, places, reasons, said } = await open(context);
    await inject({ forever: true, detach: true, rack: ['0-1'] });
    assert.deepEqual(await places(), [
      {
        scope: 'racks 0-1',
        on: [
          { rack_id: 0, server_ids: [0, 1] },
          { rack_id: 1, server_ids: [0, 1] },
        ],
      },
    ]);
    const old = [...target.held.values()][0]?.id;
    await inject({ forever: true, detach: true, rack: ['1'] });
    await inject({ forever: true, detach: true, server: ['1'] });
    const one = { scope: 'rack 0 server 0', on: [{ rack_id: 0, server_ids: [0] }] };
    const others = [
      { scope: 'rack 1', on: [{ rack_id: 1, server_ids: [0, 1] }] },
      { scope: 'rack 0 server 1', on: [{ rack_id: 0, server_ids: [1] }] },
    ];
    assert.deepEqual(await places(), [one, ...others]);
    assert.deepEqual(await reasons(), [], 'none has ended');
    assert.match(said(), new RegExp(`this takes the place of loss 5 % \\(id ${old}\\)`));
    await runClear({ ...common, selection: { racks: [0], servers: [0] }, dryRun: false });
    assert.deepEqual(await places(), others);
    assert.deepEqual(await reasons(), ['cleared']);
  });

  test('is not begun anew by who finds it on fewer servers just as it ends', async (context) => {
    const { target, common, announce, announceEnd, active, reasons } = await open(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(1), server });
    await announce({ id: injectionId(1) });
    const status = target.status.bind(target);
    // Its injector is half through with the undo when it is asked, and done before the answer is used.
    target.status = async () => {
      const held = await status();
      if (held.length > 0) await announceEnd(injectionId(1));
      target.held.clear();
      return held;
    };
    await reconcile(common.reach, common.output, common.signal);
    assert.deepEqual(await active(), []);
    assert.deepEqual(await reasons(), ['cleared', 'cleared']);
  });

  for (const [what, look] of [
    ['a clear that finds nothing', (of) => runClear({ ...of, selection: EVERYTHING, dryRun: false })],
    ['a status', (of) => runStatus(of)],
  ] satisfies [string, (of: Awaited<ReturnType<typeof open>>['common']) => Promise<void>][]) {
    test(`ends with ${what}, and what is not of this target does not`, async (context) => {
      const { common, announce, active, said } = await open(context);
      await announce({ id: injectionId(1) });
      await announce({ id: injectionId(2), target: 'docker' });
      await announce({ id: injectionId(3), servers: [{ rack_id: 0, server_ids: [0, 2] }] });
      await announce({ id: injectionId(4), until: Date.now() / 1000 + 3600 });
      assert.equal((await active()).length, 4);
      await look(common);
      assert.deepEqual(await active(), [injectionId(2), injectionId(3)]);
      assert.equal(said().split('which nobody holds any more: told it so').length - 1, 2);
    });
  }

  test('and what is held is left alone', async (context) => {
    const { target, common, announce, active } = await open(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(1), server });
    await announce({ id: injectionId(1) });
    await runStatus(common);
    assert.deepEqual(await active(), [injectionId(1)]);
  });

  test('and what is over in a moment has its time', async (context) => {
    const { common, announce, reasons } = await open(context);
    await announce({ id: injectionId(1), until: Date.now() / 1000 + 2 });
    await runStatus(common);
    assert.deepEqual(await waitUntil('it is over', async () => ((await reasons()).length > 0 ? reasons() : null)), [
      'expired',
    ]);
  });

  test('a dry run tells nobody of an end, and a target that cannot be asked is a line', async (context) => {
    const { target, common, announce, active, said, inject } = await open(context);
    await announce({ id: injectionId(1) });
    await runClear({ ...common, selection: EVERYTHING, dryRun: true });
    await inject({ 'dry-run': true });
    assert.deepEqual(await active(), [injectionId(1)]);
    target.statusError = new Error('no daemon');
    await reconcile(common.reach, common.output, common.signal);
    assert.match(said(), /whether the datacenter shows what is over already is not known: no daemon\n$/);
  });
});

describe('an injection that is gone before its time', { timeout: 180_000 }, () => {
  test('is told from one that ended, with what took its place', async (context) => {
    const { target, inject, said } = await open(context);
    const held = inject({ forever: true });
    // It looks for the first time after a second; by then another one is there.
    await waitUntil('it is injected', () => said().includes('injected on rack 0'));
    for (const server of target.servers) target.hold({ id: injectionId(7), server, description: 'delay 9 ms' });
    assert.equal(await held, false);
    assert.match(said(), new RegExp(`rack 0: it was gone after .*: replaced by delay 9 ms, id ${injectionId(7)}\n$`));
  });

  test('and one whose time is over has ended', async (context) => {
    const { target, inject, said } = await open(context);
    const ends = inject({ duration: '1s' });
    await waitUntil('it is injected', () => said().includes('injected on rack 0'));
    // The first look is not before its end.
    target.held.clear();
    assert.equal(await ends, true);
    assert.match(said(), /rack 0: undone after .*, its time was over\n$/);
  });

  test('a dry run says what it would take the place of', async (context) => {
    const { target, inject, said } = await open(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(7), server, description: 'delay 9 ms' });
    assert.equal(await inject({ 'dry-run': true }), true);
    assert.ok(said().startsWith(`this would take the place of delay 9 ms (id ${injectionId(7)})\n`), said());
  });
});
