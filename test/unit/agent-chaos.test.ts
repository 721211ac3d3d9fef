import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import { createSeededRandom, mixSeed } from '../../src/netem/seeded-random.ts';
import { chaosInFakeTime, START_SECONDS } from '../support/chaos-in-fake-time.ts';
import { delayOf, impairmentOf, injectionOf, lossOf } from '../support/injections.ts';

const OTHER_ID = 'ba9876543210';

function delayed(seconds: number, changes: Parameters<typeof injectionOf>[0] = {}) {
  return injectionOf({ phases: [{ seconds: 60, impairment: delayOf(seconds) }], ...changes });
}

test('without an injection packets pass at once, the very same bytes', () => {
  const { sender, send, taken } = chaosInFakeTime();
  const bytes = Buffer.from('same');
  const passed: Uint8Array[] = [];
  sender.start((given) => passed.push(given));
  sender.send(bytes, 1);
  assert.equal(passed[0], bytes);
  send(3, 'x');
  assert.equal(passed.length, 2);
  assert.deepEqual(taken(), []);
  assert.equal(sender.waiting, 0);
});

test('a delayed packet leaves at its time or later, never before, though timers fire early', () => {
  for (const earlyMs of [0, 0.4, 1.7]) {
    const { chaos, send, passTo, taken } = chaosInFakeTime({ earlyMs, roundingSeconds: 1e-6 });
    chaos.hold(delayed(0.0505), [3]);
    const sentSeconds = -earlyMs / 1000;
    send(3, 'a');
    passTo(0.2);
    const [packet] = taken();
    assert.equal(packet?.text, 'a');
    const delaySeconds = (packet?.atSeconds ?? 0) - sentSeconds;
    assert.ok(delaySeconds >= 0.0505 - 1e-6 && delaySeconds < 0.0535, `${delaySeconds} s with ${earlyMs} ms early`);
  }
});

test('only the servers that are meant are impaired', () => {
  const { chaos, send, passTo, taken } = chaosInFakeTime();
  chaos.hold(delayed(0.1), [3, 7]);
  for (const serverId of [3, 4, 7]) send(serverId, String(serverId));
  assert.deepEqual(taken(), [{ text: '4', atSeconds: 0 }]);
  passTo(0.2);
  assert.deepEqual(taken(), [
    { text: '3', atSeconds: 0.1 },
    { text: '7', atSeconds: 0.1 },
  ]);
});

test('packets of several servers leave in the order of their times, a late timer or not', () => {
  const { chaos, send, passTo, stopFor, taken } = chaosInFakeTime();
  chaos.hold(delayed(0.3), [3]);
  chaos.hold(delayed(0.1, { id: OTHER_ID }), [7]);
  send(3, 'slow 1');
  passTo(0.1);
  send(7, 'fast 1');
  passTo(0.15);
  send(3, 'slow 2');
  send(7, 'fast 2');
  stopFor(10);
  // What a packet of an unimpaired server meets: those that are due leave before it.
  send(4, 'free');
  assert.deepEqual(
    taken().map(({ text }) => text),
    ['fast 1', 'fast 2', 'slow 1', 'slow 2', 'free'],
  );
  passTo(11);
  assert.deepEqual(taken(), []);
});

test('an injection ends by itself when its time is over: what waits keeps its time, what comes later passes', () => {
  const { chaos, sender, send, passTo, taken } = chaosInFakeTime();
  chaos.hold(delayed(0.5, { durationSeconds: 2 }), [3]);
  assert.deepEqual(chaos.held(), [
    {
      injection: delayed(0.5, { durationSeconds: 2 }),
      serverIds: [3],
      beganSeconds: START_SECONDS,
      untilSeconds: START_SECONDS + 2,
    },
  ]);
  passTo(1.9);
  send(3, 'waits');
  passTo(2);
  assert.equal(sender.impaired.size, 0, 'the timer ended it, no packet was needed');
  assert.deepEqual(chaos.held(), []);
  send(3, 'passes');
  assert.deepEqual(taken(), [{ text: 'passes', atSeconds: 2 }]);
  assert.equal(sender.waiting, 1);
  passTo(3);
  assert.deepEqual(taken(), [{ text: 'waits', atSeconds: 2.4 }]);
  assert.equal(sender.waiting, 0);
});

test('a deadline that passed while the process stood still holds for the next packet', () => {
  const { chaos, send, stopFor, taken } = chaosInFakeTime();
  chaos.hold(injectionOf({ phases: [{ seconds: 1, impairment: lossOf(1) }], durationSeconds: 5 }), [3]);
  send(3, 'lost');
  stopFor(5);
  send(3, 'passes');
  assert.deepEqual(taken(), [{ text: 'passes', atSeconds: 5 }]);
});

test('cleared: what waits keeps its time, what comes later passes; only the id that is meant', () => {
  const { chaos, send, passTo, taken } = chaosInFakeTime();
  const injection = delayed(0.5, { durationSeconds: null });
  chaos.hold(injection, [3, 4]);
  send(3, 'waits');
  assert.deepEqual(chaos.clear([3, 4, 7], OTHER_ID), []);
  assert.deepEqual(chaos.clear([3, 7], injection.id), [3]);
  assert.deepEqual(chaos.clear([3, 7], injection.id), []);
  send(3, 'passes');
  send(4, 'still broken');
  assert.deepEqual(taken(), [{ text: 'passes', atSeconds: 0 }]);
  assert.deepEqual(chaos.clear([3, 4, 7], null), [4]);
  passTo(1);
  assert.deepEqual(taken(), [
    { text: 'waits', atSeconds: 0.5 },
    { text: 'still broken', atSeconds: 0.5 },
  ]);
});

test('an injection takes the place of another on the servers it names, with its own time', () => {
  const { chaos, send, passTo, taken } = chaosInFakeTime();
  chaos.hold(delayed(0.5, { durationSeconds: 10 }), [3, 4]);
  send(4, 'waits');
  passTo(0.1);
  chaos.hold(delayed(0.1, { id: OTHER_ID, durationSeconds: 1 }), [4]);
  assert.deepEqual(
    chaos
      .held()
      .map(({ injection, serverIds, untilSeconds }) => [
        injection.id,
        serverIds,
        Math.round(((untilSeconds ?? 0) - START_SECONDS) * 10) / 10,
      ]),
    [
      [injectionOf().id, [3], 10],
      [OTHER_ID, [4], 1.1],
    ],
  );
  send(4, 'sooner');
  passTo(1);
  assert.deepEqual(taken(), [
    { text: 'sooner', atSeconds: 0.2 },
    { text: 'waits', atSeconds: 0.5 },
  ]);
});

test('phases come in their turn, by the clock and not by packets', () => {
  const { chaos, send, passTo, taken } = chaosInFakeTime();
  const phases = [
    { seconds: 0.5, impairment: lossOf(1) },
    { seconds: 1.5, impairment: null },
  ];
  chaos.hold(injectionOf({ phases, repeats: true, durationSeconds: 5 }), [3]);
  for (let n = 0; n < 60; n++) {
    passTo(n / 10 + 0.05);
    send(3, String(n));
  }
  const lost = (n: number): boolean => n % 20 < 5 && n < 50;
  assert.deepEqual(
    taken().map(({ text }) => Number(text)),
    [...Array(60).keys()].filter((n) => !lost(n)),
  );
});

test('a phase that ends lets what waits keep its time', () => {
  const { chaos, send, passTo, taken } = chaosInFakeTime();
  const phases = [delayOf(1), delayOf(0.1)].map((impairment) => ({ seconds: 0.5, impairment }));
  chaos.hold(injectionOf({ phases }), [3]);
  passTo(0.45);
  send(3, 'first');
  passTo(0.5);
  send(3, 'second');
  passTo(2);
  assert.deepEqual(taken(), [
    { text: 'second', atSeconds: 0.6 },
    { text: 'first', atSeconds: 1.45 },
  ]);
});

test('with a seed the same packets are lost each time, others on each server, as its queue alone would', () => {
  const lostOf = (seed: number | null) => {
    const { chaos, send, taken } = chaosInFakeTime();
    chaos.hold(injectionOf({ seed }), [3, 4]);
    for (let n = 0; n < 200; n++) for (const serverId of [3, 4]) send(serverId, `${serverId}#${n}`);
    return taken().map(({ text }) => text);
  };
  const left = lostOf(99);
  assert.deepEqual(lostOf(99), left);
  assert.notDeepEqual(lostOf(100), left);
  assert.deepEqual(lostOf(null), lostOf(2 ** 30), 'without one it is drawn: 0.25 of all there are');
  const numbers = (serverId: number): string[] =>
    left.filter((text) => text.startsWith(`${serverId}#`)).map((text) => text.slice(2));
  assert.notDeepEqual(numbers(3), numbers(4));
  const queue = new NetemQueue({ random: createSeededRandom(mixSeed(99, 2, 3)) });
  queue.change(lossOf(0.2));
  const expected = [...Array(200).keys()].flatMap((n) => {
    queue.enqueue(Buffer.from('x'), 0);
    return queue.dequeue(0) === null ? [] : [String(n)];
  });
  assert.deepEqual(numbers(3), expected);
});

test('what is done to packets is counted, also of injections that are over', () => {
  const { chaos, sender, send, passTo, taken } = chaosInFakeTime();
  chaos.hold(injectionOf({ phases: [{ seconds: 1, impairment: lossOf(1) }] }), [3]);
  for (let n = 0; n < 5; n++) send(3, 'lost');
  assert.deepEqual(sender.counts, { lost: 5, over_limit: 0, duplicated: 0, corrupted: 0, reordered: 0 });
  const twice = impairmentOf({ duplicateRatio: 1, corruptRatio: 1 });
  chaos.hold(injectionOf({ phases: [{ seconds: 1, impairment: twice }] }), [3]);
  send(3, 'twice');
  passTo(0.1);
  assert.ok(taken().length < 2, 'a bit of each was flipped');
  chaos.clear([3], null);
  assert.deepEqual(sender.counts, { lost: 5, over_limit: 0, duplicated: 1, corrupted: 2, reordered: 0 });
});

test('of what is corrupted little leaves, all of it as it was, and none of it waits for ever', () => {
  const { chaos, sender, send, passTo, taken } = chaosInFakeTime();
  const impairment = { ...delayOf(0.5), corruptRatio: 1 };
  chaos.hold(injectionOf({ phases: [{ seconds: 1, impairment }] }), [3]);
  for (let n = 0; n < 300; n++) send(3, 'announcement');
  assert.equal(sender.waiting, 300);
  passTo(0.6);
  const texts = taken().map(({ text }) => text);
  // 6 bytes of 54: 33.
  assert.ok(texts.length > 0 && texts.length < 100, `${texts.length} left`);
  assert.deepEqual(new Set(texts), new Set(['announcement']));
  assert.deepEqual([sender.waiting, sender.counts.corrupted], [0, 300]);
});

test('at most the limit waits of a server, and so many of all together; the rest is dropped and counted', () => {
  const { chaos, sender, send, passTo, taken } = chaosInFakeTime({ maxWaiting: 1500 });
  chaos.hold(delayed(1), [3, 4]);
  for (let n = 0; n < 1200; n++) send(3, 'x');
  assert.equal(sender.waiting, 1000);
  for (let n = 0; n < 700; n++) send(4, 'y');
  assert.equal(sender.waiting, 1500);
  assert.equal(sender.counts.over_limit, 400);
  passTo(2);
  assert.equal(taken().length, 1500);
  assert.equal(sender.waiting, 0);
});

test('closed: nothing goes out any more, what waited is dropped and counted', () => {
  const { chaos, sender, send, passTo, taken } = chaosInFakeTime();
  chaos.hold(delayed(0.5), [3]);
  send(3, 'waits');
  assert.equal(sender.close(), 1);
  assert.equal(sender.close(), 0);
  send(3, 'late');
  chaos.hold(delayed(0.1), [3]);
  send(3, 'later');
  passTo(2);
  assert.deepEqual(taken(), []);
});

test('an injection of a year does not hurry a timer', () => {
  const { chaos, passTo } = chaosInFakeTime();
  chaos.hold(injectionOf({ durationSeconds: 365 * 86_400 }), [3]);
  passTo(5);
  assert.equal(chaos.held().length, 1);
});
