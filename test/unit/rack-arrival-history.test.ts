import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTone } from '../../src/core/tone.ts';
import { ArrivalHistory } from '../../src/rack/incidents/arrival-history.ts';
import { seededRandom } from '../support/random.ts';

const [frequencyHz, sampleRateHz] = [1.35, 20];
const START_SECONDS = 1_800_000_000;

/** Seconds of the past that are held of a stream. */
function heldSeconds(options: { jitterSeconds: number; rateHz?: number; isOffTone?: boolean }): number {
  const { jitterSeconds, rateHz = sampleRateHz, isOffTone = false } = options;
  const random = seededRandom(1);
  const tone = createTone(frequencyHz);
  const history = new ArrivalHistory({ frequencyHz, sampleRateHz: rateHz });
  const endSeconds = START_SECONDS + 150;
  for (let sequence = 0; sequence < 150 * rateHz; sequence++) {
    // Timers are late by some 0.3 ms, and the clock's reading is rounded as the wire rounds it.
    const sentSeconds = START_SECONDS + sequence / rateHz + 0.0003 * random.uniform();
    const [re, im] = [Math.fround(tone.quadrature(sentSeconds)), Math.fround(tone.inPhase(sentSeconds))];
    const sample = { rackId: 0, serverId: 0, bootId: 7, sequence, sentSeconds, re: isOffTone ? -re : re, im };
    history.add(sample, sentSeconds + 0.0002 + jitterSeconds * random.uniform());
  }
  let oldestSeconds = Number.POSITIVE_INFINITY;
  history.reader().drain((_sample, receivedSeconds) => {
    oldestSeconds = Math.min(oldestSeconds, receivedSeconds);
  });
  return endSeconds - oldestSeconds;
}

test('a minute of 20 samples/s is held, of a stream with jitter too', () => {
  assert.ok(heldSeconds({ jitterSeconds: 0.0001 }) > 95);
  assert.ok(heldSeconds({ jitterSeconds: 0.02 }) > 75);
});

test('of what is not the tone, and of faster streams, less is held', () => {
  assert.ok(heldSeconds({ jitterSeconds: 0.0001, isOffTone: true }) > 35);
  assert.ok(heldSeconds({ jitterSeconds: 0.0001, rateHz: 100 }) > 19);
});
