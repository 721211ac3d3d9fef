import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Impairment } from '../../src/netem/impairment.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { createSeededRandom } from '../../src/netem/seeded-random.ts';
import { impairmentOf } from '../support/netem-values.ts';

/** The lowest draw makes every chance happen, the highest one none but a certain one. */
const [YES, NO] = [0, 0xffff_ffff];

/** A queue whose draws are given, and what is left of them. */
function scriptedQueue(texts: ImpairmentTexts, draws: readonly number[]) {
  const left = [...draws];
  const random = (): number => left.shift() ?? assert.fail('one draw too many');
  const queue = new NetemQueue({ random });
  queue.change(impairmentOf(texts));
  return { queue, left };
}

function seededQueue(impairment: Impairment | ImpairmentTexts | null, seed = 1): NetemQueue {
  const queue = new NetemQueue({ random: createSeededRandom(seed) });
  queue.change(impairment === null || 'corruptRatio' in impairment ? impairment : impairmentOf(impairment));
  return queue;
}

/** The draw that flips a bit of this byte of a frame. */
const flipAt = (byte: number, payloadBytes: number): number => Math.ceil((byte * 2 ** 32) / (42 + payloadBytes));

const packet = (name: number, length = 1): Uint8Array => new Uint8Array(length).fill(name);

/** Names of the packets that leave by a time, in order. */
function leaving(queue: NetemQueue, nowSeconds: number): number[] {
  const names: number[] = [];
  for (let next = queue.dequeue(nowSeconds); next !== null; next = queue.dequeue(nowSeconds)) {
    names.push(next.bytes[0] ?? -1);
  }
  return names;
}

test('with nothing impaired packets pass at once and in order, and no draw is made', () => {
  const queue = new NetemQueue({ random: () => assert.fail('drawn') });
  queue.change(null);
  for (const name of [1, 2, 3]) queue.enqueue(packet(name), 5);
  assert.equal(queue.nextDueSeconds(), 5);
  assert.deepEqual(leaving(queue, 5), [1, 2, 3]);
  assert.equal(queue.nextDueSeconds(), null);
  assert.equal(queue.dequeue(9), null);
});

test('a delayed packet leaves when it is due and not before', () => {
  const queue = seededQueue({ delay: '200ms' });
  queue.enqueue(packet(1), 1);
  queue.enqueue(packet(2), 1.1);
  assert.equal(queue.length, 2);
  assert.equal(queue.nextDueSeconds(), 1.2);
  assert.deepEqual(leaving(queue, 1.199), []);
  assert.deepEqual(leaving(queue, 1.2), [1]);
  assert.deepEqual(leaving(queue, 9), [2]);
});

test('the draws come in the order of the kernel: duplicate, loss, corrupt, the copy, reorder, delay', () => {
  const texts = { delay: '1s', jitter: '500ms', loss: 50, duplicate: 50, corrupt: 50, reorder: 50 };
  const copy = [NO, NO, NO, 250_000_000];
  const { queue, left } = scriptedQueue(texts, [YES, NO, YES, flipAt(0, 3), ...copy, NO, 750_000_000]);
  queue.enqueue(packet(2, 3), 0);
  assert.deepEqual(left, []);
  // The copy was made before the bit was flipped, and went in first: 1 s - 500 ms + 250 ms.
  assert.equal(queue.nextDueSeconds(), 0.75);
  assert.deepEqual(leaving(queue, 1), [2]);
  assert.equal(queue.nextDueSeconds(), 1.25);
  assert.deepEqual(leaving(queue, 2), []);
  assert.deepEqual(queue.counts, { lost: 0, overLimit: 0, duplicated: 1, corrupted: 1, rejected: 1, reordered: 0 });
});

test('a draw on the threshold still happens, one above it does not', () => {
  const half = Math.round(0.5 * 0xffff_ffff);
  const { queue } = scriptedQueue({ loss: 50 }, [half, half + 1]);
  queue.enqueue(packet(1), 0);
  queue.enqueue(packet(2), 0);
  assert.deepEqual(leaving(queue, 0), [2]);
  assert.equal(queue.counts.lost, 1);
});

test('what is to be doubled and lost is sent once', () => {
  const { queue, left } = scriptedQueue({ loss: 50, duplicate: 50 }, [YES, YES]);
  queue.enqueue(packet(1), 0);
  assert.deepEqual(leaving(queue, 0), [1]);
  assert.deepEqual([left.length, queue.counts.lost, queue.counts.duplicated], [0, 0, 0]);
});

test('a copy is not doubled again, and can be lost by itself', () => {
  const { queue, left } = scriptedQueue({ loss: 50, duplicate: 50 }, [YES, NO, YES]);
  queue.enqueue(packet(1), 0);
  assert.deepEqual(leaving(queue, 0), [1]);
  assert.deepEqual([left.length, queue.counts.lost, queue.counts.duplicated], [0, 1, 1]);
});

test('packets of equal time leave as they came, others by their time', () => {
  const { queue } = scriptedQueue({ delay: '1s', jitter: '1s' }, [9e8, 5e8, 5e8, 1e8]);
  for (const name of [1, 2, 3, 4]) queue.enqueue(packet(name), 0);
  assert.deepEqual(leaving(queue, 2), [4, 2, 3, 1]);
});

test('of a gap of 5 every fifth packet may overtake', () => {
  const queue = seededQueue({ delay: '1s', reorder: 100, gap: 5 });
  const ahead: number[] = [];
  for (let name = 1; name <= 15; name++) {
    queue.enqueue(packet(name), 0);
    ahead.push(...leaving(queue, 0));
  }
  assert.deepEqual(ahead, [5, 10, 15]);
  assert.equal(queue.counts.reordered, 3);
  assert.equal(queue.length, 12);
});

test('inside a gap nothing is drawn; who does not overtake lengthens the gap', () => {
  const { queue, left } = scriptedQueue({ delay: '1s', reorder: 50, gap: 3 }, [NO, YES, NO]);
  const ahead: number[] = [];
  for (let name = 1; name <= 7; name++) {
    queue.enqueue(packet(name), 0);
    ahead.push(...leaving(queue, 0));
  }
  assert.deepEqual([ahead, left], [[4], []]);
});

test('of several that overtake the newest is first, as in the kernel', () => {
  const { queue } = scriptedQueue({ delay: '1s', reorder: 50 }, [YES, YES, NO]);
  for (const name of [1, 2, 3]) queue.enqueue(packet(name), name);
  assert.equal(queue.nextDueSeconds(), 2);
  assert.deepEqual(leaving(queue, 3), [2, 1]);
});

test('a rate spaces packets by their time on the wire, headers included', () => {
  // 58 + 42 bytes of 8 bits at 8 kbit/s: 0.1 s.
  const queue = seededQueue({ rate: '8kbit' });
  for (const name of [1, 2]) queue.enqueue(packet(name, 58), 0);
  assert.equal(queue.nextDueSeconds(), 0.1);
  assert.deepEqual(leaving(queue, 0.19), [1]);
  queue.enqueue(packet(3, 158), 0.15);
  assert.deepEqual(leaving(queue, 0.2), [2]);
  assert.ok(Math.abs((queue.nextDueSeconds() ?? 0) - 0.4) < 1e-9);
});

test('once the queue is empty a packet waits for its own time only', () => {
  const queue = seededQueue({ rate: '8kbit' });
  queue.enqueue(packet(1, 58), 0);
  leaving(queue, 1);
  queue.enqueue(packet(2, 58), 1);
  assert.equal(queue.nextDueSeconds(), 1.1);
});

test('what a packet waits for the one before it counts as part of its delay', () => {
  const queue = seededQueue({ rate: '8kbit', delay: '250ms' });
  for (const name of [1, 2, 3]) queue.enqueue(packet(name, 58), 0);
  const times = [1, 2, 3].map(() => {
    const due = queue.nextDueSeconds() ?? -1;
    queue.dequeue(due);
    return Math.round(due * 1000);
  });
  assert.deepEqual(times, [350, 450, 550]);
});

test('with a rate the reference is what leaves last, not what overtook', () => {
  const { queue } = scriptedQueue({ rate: '8kbit', delay: '1s', reorder: 50 }, [NO, YES, NO]);
  for (const name of [1, 2, 3]) queue.enqueue(packet(name, 58), 0);
  assert.deepEqual(leaving(queue, 1.15), [2, 1]);
  assert.ok(Math.abs((queue.nextDueSeconds() ?? 0) - 1.2) < 1e-9);
});

test('gemodel moves first, then loses with the chance of the state it came from', () => {
  const pairs = [
    // Good: stays (10 %), loses at 20 % and not above.
    [0.11, 0.19],
    [0.11, 0.21],
    // Goes to bad, and is lost as one of the good.
    [0.09, 0.19],
    // Bad: stays (30 %); loses 60 %, which are the highest draws.
    [0.31, 0.39],
    [0.31, 0.41],
    // Goes back to good, and is lost as one of the bad.
    [0.29, 0.41],
    [0.11, 0.41],
  ];
  const draws = pairs.flat().map((ratio) => Math.round(ratio * 0xffff_ffff));
  const { queue, left } = scriptedQueue({ lossModel: 'gemodel:10,30,60,20' }, draws);
  for (const name of [1, 2, 3, 4, 5, 6, 7]) queue.enqueue(packet(name), 0);
  assert.deepEqual([leaving(queue, 0), left], [[2, 4, 7], []]);
});

test('beyond the limit packets are dropped, and their copies with them', () => {
  const queue = seededQueue({ delay: '1s', duplicate: 100, limit: 3 });
  for (const name of [1, 2, 3, 4]) queue.enqueue(packet(name), 0);
  // The limit is looked at before the copy goes in, as in the kernel: four wait where three may.
  assert.equal(queue.counts.duplicated, 2);
  assert.equal(queue.counts.overLimit, 2);
  assert.equal(queue.length, 4);
  assert.deepEqual(leaving(queue, 1), [1, 1, 2, 2]);
});

test('the limit is a thousand unless it is said', () => {
  const queue = seededQueue({ delay: '1s' });
  for (let count = 0; count < 1200; count++) queue.enqueue(packet(1), 0);
  assert.deepEqual([queue.length, queue.counts.overLimit], [1000, 200]);
});

test('a change is for what comes; what waits keeps its time', () => {
  const queue = seededQueue({ delay: '1s' });
  queue.enqueue(packet(1), 0);
  queue.change(impairmentOf({ delay: '200ms' }));
  queue.enqueue(packet(2), 0.1);
  queue.change(null);
  queue.enqueue(packet(3), 0.2);
  assert.deepEqual(leaving(queue, 0.2), [3]);
  assert.deepEqual(leaving(queue, 0.31), [2]);
  assert.equal(queue.nextDueSeconds(), 1);
});

test('a change begins the gap and the loss model anew, and leaves the counts', () => {
  const reorder = { delay: '1s', reorder: 100, gap: 3 };
  const queue = seededQueue(reorder);
  for (const name of [1, 2]) queue.enqueue(packet(name), 0);
  queue.change(impairmentOf(reorder));
  for (const name of [3, 4, 5]) queue.enqueue(packet(name), 0);
  assert.deepEqual(leaving(queue, 0), [5]);

  const { queue: lossy } = scriptedQueue({ lossModel: 'gemodel:50,50' }, [YES, NO, NO, NO, NO, NO]);
  for (const name of [1, 2]) lossy.enqueue(packet(name), 0);
  lossy.change(impairmentOf({ lossModel: 'gemodel:50,50' }));
  lossy.enqueue(packet(3), 0);
  assert.deepEqual([leaving(lossy, 0), lossy.counts.lost], [[1, 3], 1]);
});

test('the same seed gives the same decisions, whatever the time; another seed gives others', () => {
  const texts = {
    delay: '1s',
    jitter: '1s',
    distribution: 'pareto',
    correlation: 10,
    loss: 20,
    duplicate: 10,
    reorder: 5,
  };
  const fates = (seed: number, intervalSeconds: number): string => {
    const queue = seededQueue(texts, seed);
    const all: string[] = [];
    for (let name = 0; name < 200; name++) {
      const nowSeconds = name * intervalSeconds;
      queue.enqueue(packet(name), nowSeconds);
      const due = queue.nextDueSeconds();
      // At a long interval the queue is empty each time, so what it holds is the fate of this one packet.
      const delay = due === null ? 'none' : ((due - nowSeconds) * 1e3).toFixed(3);
      all.push(`${delay} ${leaving(queue, nowSeconds + 20).length}`);
    }
    return `${all.join()} ${JSON.stringify(queue.counts)}`;
  };
  assert.equal(fates(7, 100), fates(7, 100));
  assert.equal(fates(7, 100), fates(7, 1000));
  assert.notEqual(fates(7, 100), fates(8, 100));
});
