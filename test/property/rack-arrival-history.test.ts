import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Sample } from '../../src/core/sample.ts';
import { createTone } from '../../src/core/tone.ts';
import { ArrivalHistory, type HistoryReader } from '../../src/rack/incidents/arrival-history.ts';
import { MAX_AMPLITUDE } from '../../src/wire/sample-limits.ts';

const [rackId, serverId, frequencyHz, sampleRateHz] = [1, 3, 4.35, 20];
const START_SECONDS = 1_800_000_000;
const tone = createTone(frequencyHz);

type Arrival = readonly [sample: Sample, receivedSeconds: number];

const amplitude = fc.double({ min: -MAX_AMPLITUDE, max: MAX_AMPLITUDE, noNaN: true });
/** What a double resolves at this time, as every receive time and every send time of the wire is. */
const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -400_000_000, max: 400_000_000 }).map((us) => START_SECONDS + us / 1e6) },
  { weight: 1, arbitrary: fc.integer({ min: 2 ** 30, max: 2 ** 34 }).map((seconds) => seconds + 0.25) },
);
const values = fc.oneof(
  fc.constantFrom('tone32', 'tone64', 'real32', 'real64'),
  fc.tuple(fc.option(amplitude), amplitude),
  fc.tuple(fc.option(amplitude), amplitude).map(([re, im]) => [re === null ? null : Math.fround(re), Math.fround(im)]),
);

const arrival: fc.Arbitrary<Arrival> = fc
  .record({
    sequence: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    bootId: fc.oneof(fc.constantFrom(null, 7), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    sentSeconds: time,
    receivedSeconds: time,
    values,
  })
  .map(({ sequence, bootId, sentSeconds, receivedSeconds, values: chosen }) => {
    const [re, im] = typeof chosen === 'string' ? sung(chosen, sentSeconds) : chosen;
    return [{ rackId, serverId, bootId, sequence, sentSeconds, re: re ?? null, im: im ?? 0 }, receivedSeconds];
  });

function sung(form: string, seconds: number): readonly [number | null, number] {
  const round = form.endsWith('32') ? Math.fround : (value: number) => value;
  return [form.startsWith('real') ? null : round(tone.quadrature(seconds)), round(tone.inPhase(seconds))];
}

function read(reader: HistoryReader): Arrival[] {
  const arrivals: Arrival[] = [];
  reader.drain((sample, receivedSeconds) => arrivals.push([{ rackId, serverId, ...sample }, receivedSeconds]));
  return arrivals;
}

test('whatever arrives is read as it came: the newest of it, in order, without a gap', () => {
  fc.assert(
    fc.property(fc.array(arrival, { minLength: 1, maxLength: 600, size: 'max' }), (arrivals) => {
      const history = new ArrivalHistory({ frequencyHz, sampleRateHz });
      for (const [sample, receivedSeconds] of arrivals) history.add(sample, receivedSeconds);
      const held = read(history.reader());
      // The longest record takes 43 of 9 984 bytes.
      assert.ok(held.length >= Math.min(arrivals.length, 220));
      assert.deepEqual(held, arrivals.slice(arrivals.length - held.length));
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test('a reader that keeps up misses nothing, however long it goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.array(arrival, { maxLength: 60 }), { maxLength: 40 }), (batches) => {
      const history = new ArrivalHistory({ frequencyHz, sampleRateHz });
      const reader = history.reader();
      for (const batch of batches) {
        for (const [sample, receivedSeconds] of batch) history.add(sample, receivedSeconds);
        assert.ok(reader.unreadShare < 1);
        assert.deepEqual(read(reader), batch);
        assert.equal(reader.unreadShare, 0);
      }
    }),
    { endOnFailure: true },
  );
});
