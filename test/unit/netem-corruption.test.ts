import assert from 'node:assert/strict';
import { test } from 'node:test';
import { survivesFlip } from '../../src/netem/frame.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { impairmentOf } from '../support/netem-values.ts';

/** The lowest draw corrupts a packet, the highest one does not. */
const [YES, NO] = [0, 0xffff_ffff];

/** The draw that flips a bit of this byte of a frame. */
const flipAt = (byte: number, payloadBytes: number): number => Math.ceil((byte * 2 ** 32) / (42 + payloadBytes));

const packet = (name: number, length: number): Uint8Array => new Uint8Array(length).fill(name);

/** A queue that corrupts half, whose draws are given, and what is left of them. */
function corrupting(texts: ImpairmentTexts, draws: readonly number[]) {
  const left = [...draws];
  const queue = new NetemQueue({ random: () => left.shift() ?? assert.fail('one draw too many') });
  queue.change(impairmentOf({ ...texts, corrupt: 50 }));
  return { queue, left };
}

test('a flipped bit is harmless in the address that a frame comes from, and nowhere else', () => {
  const harmless = [...Array(74).keys()].filter(survivesFlip);
  assert.deepEqual(harmless, [6, 7, 8, 9, 10, 11]);
  for (const payloadBytes of [0, 1, 32, 1400]) {
    for (const [byte, arrives] of [
      [0, false],
      [5, false],
      [6, true],
      [11, true],
      [12, false],
      [41 + payloadBytes, false],
    ] as const) {
      const { queue, left } = corrupting({}, [YES, flipAt(byte, payloadBytes)]);
      const bytes = packet(7, payloadBytes);
      queue.enqueue(bytes, 0);
      const departure = queue.dequeue(0);
      assert.deepEqual(departure?.bytes ?? null, arrives ? bytes : null, `byte ${byte} of ${42 + payloadBytes}`);
      const { corrupted, rejected } = queue.counts;
      assert.deepEqual([corrupted, rejected, left], [1, arrives ? 0 : 1, []]);
    }
  }
});

test('a corrupted packet waits like any other, and is dropped when it is due', () => {
  const { queue } = corrupting({ delay: '1s', limit: 2 }, [YES, flipAt(50, 32), NO, NO]);
  for (const name of [1, 2, 3]) queue.enqueue(packet(name, 32), name / 10);
  assert.deepEqual([queue.length, queue.counts.overLimit, queue.counts.rejected], [2, 1, 0], 'it takes a place');
  assert.equal(queue.nextDueSeconds(), 1.1);
  assert.equal(queue.dequeue(1.1), null);
  assert.deepEqual([queue.length, queue.counts.rejected], [1, 1]);
  assert.equal(queue.nextDueSeconds(), 1.2);
  assert.deepEqual(queue.dequeue(2), { dueSeconds: 1.2, bytes: packet(2, 32) });
});

test('a corrupted packet takes its time on the wire, and what comes after it waits for that', () => {
  // 58 + 42 bytes of 8 bits at 8 kbit/s: 0.1 s.
  const { queue } = corrupting({ rate: '8kbit' }, [YES, flipAt(50, 58), NO]);
  for (const name of [1, 2]) queue.enqueue(packet(name, 58), 0);
  assert.deepEqual(queue.dequeue(9), { dueSeconds: 0.2, bytes: packet(2, 58) });
});
