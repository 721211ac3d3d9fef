import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PeriodFinder } from '../../../../src/core/detect/period-finder.ts';
import { seededRandom } from '../../../support/random.ts';

function feed(events: readonly number[], maxPValue = 1e-6): PeriodFinder {
  const finder = new PeriodFinder({ maxPValue, sampleRateHz: 20 });
  for (const slot of events) finder.add(slot, slot / 20);
  return finder;
}

const multiples = (period: number, count: number) => Array.from({ length: count }, (_, i) => Math.round(i * period));

describe('period finder', () => {
  for (const period of [10, 60, 100, 61.3, 400]) {
    test(`events every ${period} slots`, () => {
      const finder = feed(multiples(period, 12), 1e-3);
      assert.equal(finder.alarm.isOpen, true);
      assert.ok(Math.abs(finder.periodSlots / period - 1) < 0.02, `${finder.periodSlots}`);
      assert.ok(finder.pValue < 1e-3);
    });
  }

  for (const { what, maxPValue, shortest, fewest } of [
    { what: 'stalls', maxPValue: 1e-4, shortest: 0.5, fewest: 5 },
    { what: 'losses', maxPValue: 1e-6, shortest: 0.7, fewest: 6 },
  ]) {
    test(`${what} every ${shortest} to 40 s, after ${fewest} of them at least`, () => {
      const isFound = (seconds: number, count: number) => feed(multiples(20 * seconds, count), maxPValue).alarm.isOpen;
      for (const seconds of [shortest, 1, 5, 40]) assert.equal(isFound(seconds, 12), true, `${seconds} s`);
      assert.equal(isFound(40, fewest), true);
      assert.equal(isFound(40, fewest - 1), false);
      assert.equal(isFound(40.1, 12), false);
    });
  }

  test('one stray event and one that is missing hide no period', () => {
    const events = multiples(60, 14).filter((slot) => slot !== 300);
    assert.equal(feed([...events, 95].toSorted((a, b) => a - b)).alarm.isOpen, true);
  });

  test('four events are none, whatever their distance', () => {
    assert.equal(feed(multiples(100, 4), 0.01).alarm.isOpen, false);
  });

  test('random events have no period: at most one claim in 100 000 at 1e-6', () => {
    const random = seededRandom(5);
    const finder = new PeriodFinder({ maxPValue: 1e-6, sampleRateHz: 20 });
    for (let slot = 0, events = 0; events < 100_000; slot++) {
      finder.pass(slot);
      if (random.uniform() >= 0.02) continue;
      finder.add(slot, slot / 20);
      events++;
    }
    assert.ok(finder.alarm.changes <= 2, `${finder.alarm.changes} changes`);
  });

  const firstSlot = 1200;
  const withStray = (stray: number, period: number, count: number) =>
    feed([firstSlot - stray * period, ...multiples(period, count).map((slot) => firstSlot + slot)], 1e-4).alarm;

  for (const periodsBefore of [4, 6, 8]) {
    test(`an event on the period by chance, ${periodsBefore} periods before the first, is no part of it`, () => {
      const alarm = withStray(periodsBefore, 100, 8);
      assert.equal(alarm.isOpen, true);
      assert.equal(alarm.sinceSeconds, firstSlot / 20);
    });
  }

  test('an event three periods before is part of it: two may be missing', () => {
    assert.equal(withStray(3, 100, 8).sinceSeconds, (firstSlot - 3 * 100) / 20);
  });

  test('places before a pause were tried: a search that ended there would claim a period too soon', () => {
    assert.equal(withStray(7, 80, 6).isOpen, false);
    assert.equal(withStray(7, 80, 7).isOpen, true);
  });

  test('is over when three events in a row did not come', () => {
    const finder = feed(multiples(60, 12));
    finder.pass(660 + 180);
    assert.equal(finder.alarm.isOpen, true);
    finder.pass(660 + 240);
    assert.equal(finder.alarm.isOpen, false);
  });
});
