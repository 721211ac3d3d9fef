import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { endOf, injectionId, noticeOf } from '../support/chaos-notices.ts';
import { openChaos as open } from '../support/chaos-datacenter.ts';
import { give, minimalReport } from '../support/datacenter-reports.ts';
import { NOW_SECONDS } from '../support/health-trees.ts';

/** A line an event: when (seconds after now), from what to what, and why. */
function story(events: readonly DatacenterEvent[]): string[] {
  return events.map((event) => {
    const reason = event.scope === 'chaos' ? (event.chaos.reason ?? event.chaos.description) : event.scope;
    return `${event.timestamp - NOW_SECONDS}: ${event.from} → ${event.to}, ${reason}`;
  });
}

describe('an injection', () => {
  test('that begins and ends is listed in between, and two events', async () => {
    const { begin, end, active, events, exposition } = open();
    assert.deepEqual(await active(), []);
    const { status, said } = await begin(noticeOf());
    assert.deepEqual({ status, said }, { status: 200, said: { id: injectionId(1), active: true } });
    assert.deepEqual(await active(), [noticeOf()]);
    assert.deepEqual((await exposition()).values('netwatch_chaos_active'), [1, 1]);
    const ended = await end(endOf());
    assert.deepEqual([ended.status, ended.said], [200, { id: injectionId(1), active: false }]);
    assert.deepEqual(await active(), []);
    assert.deepEqual((await exposition()).values('netwatch_chaos_active'), []);
    const common = {
      scope: 'chaos',
      rack_id: null,
      server_id: null,
      name: 'rack 0',
      spectral_error: null,
      health_score: null,
    };
    assert.deepEqual(await events(), [
      {
        id: 1,
        timestamp: NOW_SECONDS - 12,
        ...common,
        from: null,
        to: 'begun',
        chaos: { ...noticeOf(), reason: null },
      },
      {
        id: 2,
        timestamp: NOW_SECONDS,
        ...common,
        from: 'begun',
        to: 'ended',
        chaos: { ...noticeOf(), reason: 'cleared' },
      },
    ]);
  });

  test('is over at its time, also when its injector says nothing', async () => {
    const { begin, end, active, events, time, chaos } = open();
    await begin(noticeOf({ until: NOW_SECONDS + 48 }));
    time.seconds += 47;
    assert.equal((await active()).length, 1);
    time.seconds += 1;
    assert.deepEqual(await active(), []);
    time.seconds += 9;
    chaos.check(time.seconds);
    await end(endOf({ ended_at: NOW_SECONDS + 49, reason: 'expired' }));
    const expected = ['-12: null → begun, delay 200 ms, loss 20 %', '48: begun → ended, expired'];
    assert.deepEqual(story(await events()), expected);
  });

  test('without an end lasts until it is ended', async () => {
    const { begin, end, active, events, time } = open();
    await begin(noticeOf({ until: null }));
    time.seconds += 1e6;
    assert.equal((await active()).length, 1);
    await end(endOf({ ended_at: time.seconds }));
    assert.deepEqual(story(await events()).slice(1), ['1000000: begun → ended, cleared']);
  });

  test('whose undo failed after its time is told of once more', async () => {
    const { begin, end, events, time, chaos } = open();
    await begin(noticeOf());
    time.seconds += 100;
    chaos.check(time.seconds);
    await end(endOf({ ended_at: time.seconds, reason: 'failed' }));
    await end(endOf({ ended_at: time.seconds, reason: 'failed' }));
    assert.deepEqual(story(await events()).slice(1), ['48: begun → ended, expired', '100: ended → ended, failed']);
  });

  test('never ends before it began, whatever clock says so', async () => {
    const { begin, end, events } = open();
    await begin(noticeOf());
    await end(endOf({ ended_at: 1 }));
    assert.deepEqual(story(await events()).slice(1), ['-12: begun → ended, cleared']);
  });
});

describe('saying it again', () => {
  test('changes what is said of an active injection, keeps its place and is no event', async () => {
    const { begin, active, events } = open();
    await begin(noticeOf());
    await begin(noticeOf({ id: injectionId(2), scope: 'rack 1' }));
    const changed = { description: 'loss 40 %', kinds: ['loss'], until: NOW_SECONDS + 90 } as const;
    assert.equal((await begin(noticeOf({ ...changed, began_at: NOW_SECONDS + 1 }))).status, 200);
    assert.deepEqual(await active(), [noticeOf(changed), noticeOf({ id: injectionId(2), scope: 'rack 1' })]);
    assert.equal((await events()).length, 2);
  });

  test('an end of what is not active changes nothing', async () => {
    const { begin, end, active, events } = open();
    assert.equal((await end(endOf())).status, 200);
    await begin(noticeOf());
    for (const reason of ['cleared', 'cleared', 'failed']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      assert.equal((await end(endOf({ reason: reason as 'cleared' }))).status, 200);
    }
    assert.equal((await events()).length, 2);
    await begin(noticeOf());
    assert.equal((await active()).length, 1, 'one that begins anew is active anew');
    assert.equal((await events()).length, 3);
  });
});

describe('limits', () => {
  test('the 65th injection is turned away and counted, until one ends', async () => {
    const { begin, active, exposition, time } = open();
    for (let number = 1; number <= 64; number++) {
      const until = number === 1 ? NOW_SECONDS + 5 : null;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      assert.equal((await begin(noticeOf({ id: injectionId(number), until }))).status, 200);
    }
    const { status, said } = await begin(noticeOf({ id: injectionId(65) }));
    assert.equal(status, 429);
    assert.match(said.detail ?? '', /^64 injections are active, which is the most: clear one/);
    assert.equal((await begin(noticeOf({ id: injectionId(64), description: 'other' }))).status, 200, 'no new one');
    assert.equal((await exposition()).value('netwatch_chaos_notices_rejected_total', { reason: 'too-many' }), 1);
    time.seconds += 5;
    assert.equal((await begin(noticeOf({ id: injectionId(65) }))).status, 200);
    assert.deepEqual((await active()).map(({ id }) => id).slice(0, 1), [injectionId(2)], 'oldest first');
  });

  test('long lists of servers take the place of older events, in all at most 4 MiB', async () => {
    const { begin, end, events, aggregate } = open();
    give(aggregate, minimalReport(0, { health_score: 0 }));
    const serverIds = Array.from({ length: 256 }, (_, index) => index);
    const servers = Array.from({ length: 64 }, (_, index) => ({ rack_id: index, server_ids: serverIds }));
    for (let number = 0; number < 40; number++) {
      const id = injectionId(number);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await begin(noticeOf({ id, servers }));
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await end(endOf({ id }));
    }
    const held = await events();
    assert.equal(aggregate.events.total, 82);
    assert.ok(held.length >= 20 && held.length < 40, `${held.length} events held`);
    assert.deepEqual(
      held.map(({ id }) => id),
      Array.from({ length: held.length }, (_, index) => 83 - held.length + index),
    );
    assert.ok(Buffer.byteLength(JSON.stringify(held)) < 4 * 1024 * 1024);
    for (let round = 1; round <= 1000; round++) give(aggregate, minimalReport(0, { health_score: round % 2 }));
    assert.equal(aggregate.events.newest(1000).length, 1000, 'what was taken is given back');
  });
});

test('two injections of one kind on the same servers are one series', async () => {
  const { begin, end, exposition } = open();
  await begin(noticeOf({ kinds: ['loss', 'loss'] }));
  await begin(noticeOf({ id: injectionId(2), kinds: ['loss', 'delay'] }));
  await begin(noticeOf({ id: injectionId(3), scope: 'rack 1', kinds: ['delay'] }));
  const series = async () => {
    const { value, values } = await exposition();
    const of = (target: string, kind: string) => value('netwatch_chaos_active', { target, kind });
    return [of('rack 0', 'loss'), of('rack 0', 'delay'), of('rack 1', 'delay'), values('netwatch_chaos_active').length];
  };
  assert.deepEqual(await series(), [1, 1, 1, 3]);
  await end(endOf());
  assert.deepEqual(await series(), [1, 1, 1, 3]);
  await end(endOf({ id: injectionId(2) }));
  assert.deepEqual(await series(), [null, null, 1, 1]);
});
