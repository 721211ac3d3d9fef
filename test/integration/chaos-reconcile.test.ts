import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reconcile } from '../../src/chaos/reconcile.ts';
import { runClear } from '../../src/chaos/run-clear.ts';
import { runStatus } from '../../src/chaos/run-status.ts';
import { injectionId } from '../support/chaos-notices.ts';
import { openTold } from '../support/told-target.ts';
import { waitUntil } from '../support/wait-until.ts';

const EVERYTHING = { racks: null, servers: null };

describe('what a datacenter shows and nobody holds', { timeout: 180_000 }, () => {
  test('ends with the injection that took its place', async (context) => {
    const { target, inject, active, said } = await openTold(context);
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
    const { common, target, inject, places, reasons, said } = await openTold(context);
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
    for (const [was, is] of [
      ['racks 0-1', 'rack 0'],
      ['rack 0', 'rack 0 server 0'],
    ]) {
      const what = `the datacenter still showed loss 5 % on ${was} (id ${old}), which is held on ${is} only: told it so\n`;
      assert.ok(said().includes(what), said());
    }
    await runClear({ ...common, selection: { racks: [0], servers: [0] }, dryRun: false });
    assert.deepEqual(await places(), others);
    assert.deepEqual(await reasons(), ['cleared']);
  });

  test('is not begun anew by who finds it on fewer servers just as it ends', async (context) => {
    const { target, common, announce, announceEnd, active, reasons } = await openTold(context);
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

  test('is looked for anew after the datacenter was slow to be told', async (context) => {
    const { target, common, announce, places, said } = await openTold(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(1), server });
    await announce({ id: injectionId(1) });
    const bounds: AbortController[] = [];
    context.mock.method(AbortSignal, 'timeout', () => {
      const bound = new AbortController();
      bounds.push(bound);
      return bound.signal;
    });
    const ofTheFirst: AbortController[] = [];
    const status = target.status.bind(target);
    Object.assign(target, {
      status: async (signal: AbortSignal) => {
        // At the second look, the time of all that was begun before the announcement is over.
        for (const bound of ofTheFirst) bound.abort(new Error('too late'));
        ofTheFirst.push(...bounds);
        signal.throwIfAborted();
        return status();
      },
    });
    await reconcile(common.reach, common.output, common.signal);
    assert.ok(
      ofTheFirst.some(({ signal }) => signal.aborted),
      'there was a second look',
    );
    assert.deepEqual(await places(), [{ scope: 'rack 0 server 0', on: [{ rack_id: 0, server_ids: [0] }] }]);
    assert.match(said(), /^[^\n]*, which is held on rack 0 server 0 only: told it so\n$/);
  });

  test('is a line where the datacenter does not take that it is on fewer servers', async (context) => {
    const { target, common, announce, said } = await openTold(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(1), server });
    await announce({ id: injectionId(1) });
    await reconcile({ ...common.reach, token: 'x'.repeat(40) }, common.output, common.signal);
    assert.match(
      said(),
      /^the datacenter shows .*, which is held on rack 0 server 0 only: .* does not know this token/,
    );
  });

  for (const [what, look] of [
    ['a clear that finds nothing', (of) => runClear({ ...of, selection: EVERYTHING, dryRun: false })],
    ['a status', (of) => runStatus(of)],
  ] satisfies [string, (of: Awaited<ReturnType<typeof openTold>>['common']) => Promise<void>][]) {
    test(`ends with ${what}, and what is not of this target does not`, async (context) => {
      const { common, announce, active, said } = await openTold(context);
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
    const { target, common, announce, active } = await openTold(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(1), server });
    await announce({ id: injectionId(1) });
    await runStatus(common);
    assert.deepEqual(await active(), [injectionId(1)]);
  });

  test('and what is over in a moment has its time', async (context) => {
    const { common, announce, reasons } = await openTold(context);
    await announce({ id: injectionId(1), until: Date.now() / 1000 + 2 });
    await runStatus(common);
    assert.deepEqual(await waitUntil('it is over', async () => ((await reasons()).length > 0 ? reasons() : null)), [
      'expired',
    ]);
  });

  test('a dry run tells nobody of an end, and a target that cannot be asked is a line', async (context) => {
    const { target, common, announce, active, said, inject } = await openTold(context);
    await announce({ id: injectionId(1) });
    await runClear({ ...common, selection: EVERYTHING, dryRun: true });
    await inject({ 'dry-run': true });
    assert.deepEqual(await active(), [injectionId(1)]);
    target.statusError = new Error('no daemon');
    await reconcile(common.reach, common.output, common.signal);
    assert.match(said(), /whether the datacenter shows what is over already is not known: no daemon\n$/);
  });
});
