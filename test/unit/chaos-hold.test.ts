import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hold } from '../../src/chaos/hold.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { FakeTarget, keyOf, lossInjection, servers } from '../support/fake-chaos-target.ts';

/** A target with the injection in force, and a clock that `onPause` may act upon each time it moves. */
function holding(
  onPause: (seconds: number, target: FakeTarget) => void,
  { applySeconds = 0, ...change }: Partial<Injection> & { readonly applySeconds?: number } = {},
) {
  const injection = { ...lossInjection(), ...change };
  const target = new FakeTarget(servers(1, 2));
  for (const server of target.servers) target.hold({ id: injection.id, server });
  const stop = new AbortController();
  const ticks: (number | null)[] = [];
  const lost: string[] = [];
  let ms = applySeconds * 1000;
  const end = hold({
    target,
    injection,
    servers: target.servers,
    signal: stop.signal,
    askedMs: 0,
    onTick: (left) => ticks.push(left),
    onLost: (of) => lost.push(...of.map(keyOf)),
    clock: {
      elapsedMs: () => ms,
      pauseMs: (pause) => {
        ms += pause;
        onPause(ms / 1000, target);
        return Promise.resolve();
      },
    },
  });
  return { end, target, ticks, stop, lost };
}

test('waits until the holders have ended it, and clears nothing itself', async () => {
  const { end, target, ticks } = holding((seconds, of) => seconds >= 11 && of.held.clear());
  assert.equal(await end, 'expired');
  assert.deepEqual(ticks.slice(0, 3), [10, 9, 8]);
  assert.deepEqual(target.calls, []);
});

test('what its holders do not end in time it undoes', async () => {
  const { end, target } = holding(() => {});
  assert.equal(await end, 'expired');
  assert.deepEqual(target.calls, ['clear 0/0 own', 'clear 0/1 own']);
});

test('says so when the undo fails', async () => {
  const { end } = holding((seconds, of) => seconds === 1 && of.clearProblems.set('0/1', 'busy'));
  await assert.rejects(end, /NOT UNDONE.*\n {2}rack 0 server 1 \(place 0\/1\): busy/);
});

test('what is gone before its time is made sure of', async () => {
  const { end, target } = holding((seconds, of) => seconds === 3 && of.held.clear());
  assert.equal(await end, 'gone');
  assert.deepEqual(target.calls, ['clear 0/0 own', 'clear 0/1 own']);
});

test('the user ends it early', async () => {
  const { end, target, stop } = holding((seconds) => seconds === 2 && stop.abort('told to end'));
  assert.equal(await end, 'undone');
  assert.equal(target.held.size, 0);
});

test('holders that began while others were still being asked end before the last one: their time was over', async () => {
  const { end } = holding((seconds, of) => seconds >= 11 && of.held.clear(), { applySeconds: 4 });
  assert.equal(await end, 'expired');
});

test('where it is gone before its time is told once, and the rest goes on', async () => {
  const { end, lost, target } = holding((seconds, of) => {
    if (seconds === 3) of.held.delete('0/1');
    if (seconds >= 10) of.held.clear();
  });
  assert.equal(await end, 'expired');
  assert.deepEqual(lost, ['0/1']);
  assert.deepEqual(target.calls, ['clear 0/1 own']);
});

test('a leftover is undone at once', async () => {
  const { end, target, ticks } = holding((seconds, of) => {
    const [server] = of.servers;
    if (seconds === 2 && server) of.hold({ id: lossInjection().id, server, state: 'leftover' });
  });
  assert.equal(await end, 'gone');
  assert.equal(ticks.length, 2);
  assert.equal(target.held.size, 0);
});

test('without a duration it has no countdown and lasts until it is ended', async () => {
  const { end, ticks, stop } = holding((seconds) => seconds === 500 && stop.abort('told to end'), {
    durationSeconds: null,
  });
  assert.equal(await end, 'undone');
  assert.deepEqual(new Set(ticks), new Set([null]));
});

test('a target that cannot be asked for a while is asked again', async () => {
  const { end } = holding((seconds, of) => {
    of.statusError = seconds < 8 ? new Error('away') : null;
    if (seconds >= 10) of.held.clear();
  });
  assert.equal(await end, 'expired');
});
