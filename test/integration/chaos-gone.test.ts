import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { injectionId } from '../support/chaos-notices.ts';
import { openTold } from '../support/told-target.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('an injection that is gone before its time', { timeout: 180_000 }, () => {
  test('is told from one that ended, with what took its place', async (context) => {
    const { target, inject, said } = await openTold(context);
    const held = inject({ forever: true });
    // It looks for the first time after a second; by then another one is there.
    await waitUntil('it is injected', () => said().includes('injected on rack 0'));
    for (const server of target.servers) target.hold({ id: injectionId(7), server, description: 'delay 9 ms' });
    assert.equal(await held, false);
    assert.match(said(), new RegExp(`rack 0: it was gone after .*: replaced by delay 9 ms, id ${injectionId(7)}\n$`));
  });

  test('and one whose time is over has ended', async (context) => {
    const { target, inject, said } = await openTold(context);
    const ends = inject({ duration: '1s' });
    await waitUntil('it is injected', () => said().includes('injected on rack 0'));
    // The first look is not before its end.
    target.held.clear();
    assert.equal(await ends, true);
    assert.match(said(), /rack 0: undone after .*, its time was over\n$/);
  });

  test('a dry run says what it would take the place of', async (context) => {
    const { target, inject, said } = await openTold(context);
    const [server] = target.servers;
    assert.ok(server !== undefined);
    target.hold({ id: injectionId(7), server, description: 'delay 9 ms' });
    assert.equal(await inject({ 'dry-run': true }), true);
    assert.ok(said().startsWith(`this would take the place of delay 9 ms (id ${injectionId(7)})\n`), said());
  });
});
