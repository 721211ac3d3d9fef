import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { allocateArrivalRing, ArrivalReader, ArrivalWriter } from '../../src/rack/arrival-ring.ts';

const CAPACITY = 512;

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constant('read' as const) },
);

test('whatever is written and not dropped is read in order and equal, wherever the positions stand', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), fc.nat({ max: 2 ** 29 - 1 }), (steps, place) => {
      const memory = allocateArrivalRing(CAPACITY);
      const header = new Int32Array(memory.header);
      header[0] = (place * 8) | 0;
      header[1] = (place * 8) | 0;
      const writer = new ArrivalWriter(memory);
      const reader = new ArrivalReader(memory);
      const kept: { bytes: number[]; at: number }[] = [];
      const read: { bytes: number[]; at: number }[] = [];
      let dropped = 0;
      const drain = () =>
        reader.drain((view, offset, length, at) => {
          read.push({ bytes: [...new Uint8Array(view.buffer, offset, length)], at });
        });
      for (const [n, step] of steps.entries()) {
        if (step === 'read') {
          drain();
          continue;
        }
        writer.write(step, n + 0.25);
        if (reader.droppedFull === dropped) kept.push({ bytes: [...step], at: n + 0.25 });
        dropped = reader.droppedFull;
      }
      drain();
      assert.deepEqual(read, kept);
      // Whatever was dropped, an emptied ring has room for anything that fits in half of it.
      writer.write(new Uint8Array(200), 1);
      assert.equal(reader.droppedFull, dropped);
    }),
  );
});
