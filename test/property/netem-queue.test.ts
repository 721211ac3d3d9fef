import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Impairment } from '../../src/netem/impairment.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import { createSeededRandom } from '../../src/netem/seeded-random.ts';
import { anyImpairment } from '../support/netem-values.ts';

/** Change the impairment, let a packet in, or let time pass and everything out that is due. */
type Action =
  | { readonly kind: 'change'; readonly impairment: Impairment | null }
  | { readonly kind: 'enqueue'; readonly length: number }
  | { readonly kind: 'pass'; readonly seconds: number };

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), impairment: fc.option(anyImpairment) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('enqueue' as const), length: fc.nat({ max: 1500 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.double({ min: 0, max: 40, noNaN: true }) }),
  },
);
const anyActions = fc.array(anyAction, { maxLength: 200 });

interface Run {
  readonly queue: NetemQueue;
  readonly entered: number;
  readonly left: number;
  readonly nowSeconds: number;
}

function run(actions: readonly Action[], seed: number): Run {
  const queue = new NetemQueue({ random: createSeededRandom(seed) });
  let [entered, left, nowSeconds] = [0, 0, 0];
  for (const action of actions) {
    if (action.kind === 'change') queue.change(action.impairment);
    else if (action.kind === 'enqueue') {
      entered++;
      queue.enqueue(new Uint8Array(action.length), nowSeconds);
    } else {
      nowSeconds += action.seconds;
      while ((queue.nextDueSeconds() ?? Infinity) <= nowSeconds) {
        const { rejected } = queue.counts;
        const departure = queue.dequeue(nowSeconds);
        assert.ok(departure !== null || queue.counts.rejected > rejected, 'what is due leaves, or is rejected');
        if (departure === null) continue;
        assert.ok(departure.dueSeconds <= nowSeconds);
        left++;
      }
      assert.equal(queue.dequeue(nowSeconds), null, 'what is not due stays');
    }
  }
  return { queue, entered, left, nowSeconds };
}

test('every packet is accounted for', () => {
  fc.assert(
    fc.property(anyActions, fc.nat(), (actions, seed) => {
      const { queue, entered, left } = run(actions, seed);
      const { lost, overLimit, duplicated, corrupted, rejected } = queue.counts;
      assert.equal(entered + duplicated, left + queue.length + lost + overLimit + rejected);
      assert.ok(rejected <= corrupted);
    }),
  );
});

test('without loss and below the limit every whole packet leaves, as it was and at some time that is finite', () => {
  fc.assert(
    fc.property(anyImpairment, fc.nat(), fc.integer({ min: 1, max: 100 }), (impairment, seed, packets) => {
      const queue = new NetemQueue({ random: createSeededRandom(seed) });
      queue.change({ ...impairment, loss: null, limitPackets: null });
      for (let index = 0; index < packets; index++) queue.enqueue(new Uint8Array(32).fill(7), index);
      let left = 0;
      for (let due = queue.nextDueSeconds(); due !== null; due = queue.nextDueSeconds()) {
        assert.ok(Number.isFinite(due));
        const departure = queue.dequeue(due);
        if (departure === null) continue;
        assert.deepEqual(departure.bytes, new Uint8Array(32).fill(7));
        left++;
      }
      assert.equal(left, packets + queue.counts.duplicated - queue.counts.rejected);
      assert.deepEqual([queue.counts.lost, queue.counts.overLimit, queue.length], [0, 0, 0]);
    }),
  );
});

test('what waits never exceeds the limit by more than a copy', () => {
  fc.assert(
    fc.property(anyImpairment, fc.nat(), (impairment, seed) => {
      const limitPackets = impairment.limitPackets ?? 1000;
      const queue = new NetemQueue({ random: createSeededRandom(seed) });
      queue.change(impairment);
      for (let index = 0; index < 120; index++) {
        queue.enqueue(new Uint8Array(32), 0);
        assert.ok(queue.length <= limitPackets + 1);
      }
    }),
  );
});

test('two queues that are treated alike do alike', () => {
  fc.assert(
    fc.property(anyActions, fc.nat(), (actions, seed) => {
      const [one, other] = [run(actions, seed), run(actions, seed)];
      assert.deepEqual(one.queue.counts, other.queue.counts);
      assert.deepEqual([one.left, one.queue.nextDueSeconds()], [other.left, other.queue.nextDueSeconds()]);
    }),
  );
});
