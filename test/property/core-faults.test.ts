import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { Stream } from '../../src/core/stream.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { FaultSchema } from '../../src/wire/verdict-schema.ts';

/** What can happen to a sample, in any order and of any size. */
const step = fc.record({
  /** Slots passed over before it, or gone back. */
  skip: fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: -300, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
  ),
  delaySeconds: fc.oneof(
    fc.constant(0.01),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  ),
  repeat: fc.integer({ min: 1, max: 200 }),
  bootId: fc.constantFrom(1, 1, 1, 2),
  value: fc.constantFrom(1, 1, 0, -1e30, 1e30),
  pauseSeconds: fc.constantFrom(0, 0, 0, 0.5, 30),
});

test('whatever arrives, detection does not throw, and what it says has the shape of a verdict', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const stream = new Stream({
        rackId: 0,
        serverId: 0,
        frequencyHz: 1,
        sampleRateHz: 20,
        windowSlots: 256,
        isAuthenticated: false,
      });
      const analyzer = new WindowAnalyzer(256);
      let [slot, nowSeconds] = [1000, 1_800_000_000];
      for (const { skip, delaySeconds, repeat, bootId, value, pauseSeconds } of steps) {
        slot += skip;
        nowSeconds += pauseSeconds;
        for (let i = 0; i < repeat; i++, slot++) {
          const sentSeconds = nowSeconds - delaySeconds;
          const sample = { rackId: 0, serverId: 0, bootId, sequence: slot >>> 0, sentSeconds, re: value, im: 0 };
          stream.accept(sample, nowSeconds);
          nowSeconds += 0.05;
        }
        const { verdict } = analyzer.judge(stream, nowSeconds);
        // The tone's own figures are held to their bounds elsewhere; here it is the faults.
        assert.ok(
          v.is(v.array(FaultSchema), verdict.faults) && verdict.faults.length <= 16,
          JSON.stringify(verdict.faults),
        );
        assert.equal(new Set(verdict.faults.map(({ kind }) => kind)).size, verdict.faults.length);
        for (const { since } of verdict.faults) assert.ok(since <= nowSeconds + 1);
      }
    }),
    { numRuns: 100 },
  );
});
