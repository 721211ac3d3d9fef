import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RateDetector } from '../../../../src/core/detect/rate-detector.ts';
import { seededRandom } from '../../../support/random.ts';

const DESIGN = { rates: [0.05, 0.5], thresholds: [16, 17] };

/** Feeds trials with a rate of hits until the alarm is as wanted; returns how many it took. */
function feedUntil(detector: RateDetector, isOpen: boolean, of: { rate: number; seed: number; most: number }): number {
  const random = seededRandom(of.seed);
  for (let trial = 1; trial <= of.most; trial++) {
    detector.add(random.uniform() < of.rate, trial);
    if (detector.isOver) detector.end();
    if (detector.alarm.isOpen === isOpen) return trial;
  }
  return Number.POSITIVE_INFINITY;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const seeds = Array.from({ length: 100 }, (_, i) => i + 1);

describe('a Bernoulli CUSUM of several rates', () => {
  test('finds each rate within 1.3 times the delay of Lorden (1971): threshold over information', () => {
    for (const rate of [0.05, 0.5]) {
      const delays = seeds.map((seed) => feedUntil(new RateDetector(DESIGN), true, { rate, seed, most: 5000 }));
      const information = rate * Math.log(rate / 0.001) + (1 - rate) * Math.log((1 - rate) / 0.999);
      const bound = 17 / information;
      assert.ok(mean(delays) < 1.3 * bound, `${rate}: mean ${mean(delays)} trials, bound ${bound}`);
    }
  });

  test('says nothing of its background, of none and of a hundred isolated hits', () => {
    const detector = new RateDetector(DESIGN);
    assert.equal(feedUntil(detector, true, { rate: 0.001, seed: 4, most: 200_000 }), Number.POSITIVE_INFINITY);
    assert.equal(feedUntil(detector, true, { rate: 0, seed: 4, most: 10_000 }), Number.POSITIVE_INFINITY);
    for (let hit = 0; hit < 100; hit++) {
      detector.add(true, 0);
      for (let i = 0; i < 2000; i++) detector.add(false, 0);
    }
    assert.equal(detector.alarm.changes, 0);
  });

  test('a higher background is learned, and is no fault from then on', () => {
    const detector = new RateDetector({ rates: [0.05], thresholds: [16] });
    feedUntil(detector, true, { rate: 0.004, seed: 9, most: 400_000 });
    assert.ok(Math.abs(detector.background.rate - 0.004) < 0.0015, `${detector.background.rate}`);
  });

  test('ends on evidence, does not flap, and says the rate that it had', () => {
    const detector = new RateDetector(DESIGN);
    feedUntil(detector, true, { rate: 0.1, seed: 2, most: 5000 });
    assert.equal(feedUntil(detector, false, { rate: 0.1, seed: 3, most: 20_000 }), Number.POSITIVE_INFINITY);
    assert.ok(Math.abs(detector.ratio - 0.1) < 0.03, `${detector.ratio}`);
    assert.equal(detector.alarm.changes, 1);
    assert.ok(feedUntil(detector, false, { rate: 0, seed: 3, most: 500 }) < 300);
  });

  test('began when its sum last was 0', () => {
    const detector = new RateDetector(DESIGN);
    for (let second = 0; second < 100; second++) detector.add(second === 10, second);
    for (let second = 100; second < 110; second++) detector.add(true, second);
    assert.equal(detector.alarm.sinceSeconds, 100);
  });

  test('hits that turn out to be none are taken back', () => {
    const detector = new RateDetector(DESIGN);
    for (let i = 0; i < 3; i++) detector.add(true, 0);
    assert.equal(detector.alarm.isOpen, true);
    assert.deepEqual([detector.hits, detector.pairs], [3, 2]);
    detector.takeBack(0.1, { hitsBeside: 1, isNewest: false });
    assert.deepEqual([detector.hits, detector.pairs], [2, 1]);
    detector.takeBack(0.1, { hitsBeside: 1, isNewest: false });
    assert.equal(detector.alarm.isOpen, false);
  });

  test('what follows a hit that is taken back follows none', () => {
    const detector = new RateDetector(DESIGN);
    for (let i = 0; i < 3; i++) detector.add(true, 0);
    detector.takeBack(0.1, { hitsBeside: 1, isNewest: true });
    detector.add(true, 0.2);
    assert.deepEqual([detector.hits, detector.pairs], [3, 1]);
  });
});
