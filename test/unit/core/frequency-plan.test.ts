import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPlan, parseFrequencyPlan, toneHz } from '../../../src/core/frequency-plan.ts';

const ids = (count: number) => Array.from({ length: count }, (_, id) => id);

describe('frequency plan', () => {
  test('default: 1 + rack + 0.05 × server Hz', () => {
    const plan = parseFrequencyPlan('default');
    assert.deepEqual([toneHz(plan, 0, 0), toneHz(plan, 3, 7)], [1, 4.35]);
  });

  test('a band spreads any number of servers and is reused across racks', () => {
    const plan = parseFrequencyPlan('band:2-8.5');
    const tones = ids(1000)
      .map((server) => toneHz(plan, 5, server))
      .toSorted((a, b) => a - b);
    assert.ok((tones[0] ?? 0) >= 2 && (tones.at(-1) ?? 9) < 8.5);
    const gaps = tones.slice(1).map((tone, i) => tone - (tones[i] ?? 0));
    assert.ok(Math.min(...gaps) > 0.25 * (6.5 / 1000) && Math.max(...gaps) < 4 * (6.5 / 1000));
    assert.equal(toneHz(plan, 0, 17), toneHz(plan, 9, 17));
  });

  for (const text of ['', 'band', 'band:3', 'band:3-2', 'band:0-2', 'band:a-b', 'band:-1-2']) {
    test(`"${text}" is refused`, () =>
      assert.throws(() => parseFrequencyPlan(text), /is not a frequency plan: allowed/));
  }

  test('a tone at 0.45 × the rate or above is refused with rack and server named', () => {
    const plan = parseFrequencyPlan('default');
    checkPlan({ plan, rackIds: ids(4), serverIds: ids(8), sampleRateHz: 20 });
    assert.throws(
      () => checkPlan({ plan, rackIds: ids(9), serverIds: ids(8), sampleRateHz: 20 }),
      /rack 8 server 0 would sing 9 Hz, but every tone must stay below 9 Hz \(0.45 × 20 samples\/s\)/,
    );
  });
});
