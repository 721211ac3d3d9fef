import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { ImpairmentSchema } from '../../src/netem/impairment-schema.ts';
import { describeImpairment, impairmentKinds } from '../../src/netem/impairment-text.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { NO_IMPAIRMENT } from '../support/injections.ts';
import { impairmentOf } from '../support/netem-values.ts';

const described: readonly (readonly [ImpairmentTexts, string, string])[] = [
  [{ delay: '200ms' }, 'delay 200 ms', 'delay'],
  [
    { delay: '200ms', jitter: '20ms', distribution: 'normal', correlation: 25, loss: 20 },
    'delay 200 ms ± 20 ms normal (correlation 25 %), loss 20 %',
    'delay jitter loss',
  ],
  [{ delay: '1.5s', jitter: '500us' }, 'delay 1.5 s ± 0.5 ms', 'delay jitter'],
  [{ lossModel: 'gemodel:1,10,70,0.1' }, 'loss gemodel 1 %, 10 %, 70 %, 0.1 %', 'loss'],
  [{ loss: 0.0000001, corrupt: 7 }, 'loss 0.0000001 %, corrupt 7 %', 'loss corrupt'],
  [{ duplicate: 50, limit: 1 }, 'duplicate 50 %, limit 1 packet', 'duplicate'],
  [{ delay: '10ms', reorder: 5 }, 'delay 10 ms, reorder 5 %', 'delay reorder'],
  [{ delay: '10ms', reorder: 5, gap: 3 }, 'delay 10 ms, reorder 5 % (gap 3)', 'delay reorder'],
  [{ rate: '1mbit' }, 'rate 1 Mbit/s', 'rate'],
  [{ rate: '9600bit', limit: 10 }, 'rate 9.6 kbit/s, limit 10 packets', 'rate'],
  [{ rate: '100gbit' }, 'rate 100 Gbit/s', 'rate'],
];

for (const [texts, expected, kinds] of described) {
  test(`says ${expected}`, () => {
    const impairment = impairmentOf(texts);
    assert.equal(describeImpairment(impairment), expected);
    assert.equal(impairmentKinds(impairment).join(' '), kinds);
  });
}

const delay = { seconds: 0.1, jitterSeconds: 0.05, distribution: 'normal', correlation: 0.5 };
const refused: readonly (readonly [string, unknown])[] = [
  ['nothing at all', NO_IMPAIRMENT],
  ['a limit alone', { ...NO_IMPAIRMENT, limitPackets: 5 }],
  ['a missing key', { delay }],
  ['a key that is not known', { ...NO_IMPAIRMENT, delay, colour: 'red' }],
  ['a key that is not known further down', { ...NO_IMPAIRMENT, delay: { ...delay, colour: 'red' } }],
  ['jitter above the delay', { ...NO_IMPAIRMENT, delay: { ...delay, jitterSeconds: 0.2 } }],
  ['a distribution of another name', { ...NO_IMPAIRMENT, delay: { ...delay, distribution: 'bell' } }],
  ['a delay of an hour', { ...NO_IMPAIRMENT, delay: { ...delay, seconds: 3600 } }],
  ['a delay that is no number', { ...NO_IMPAIRMENT, delay: { ...delay, seconds: Number.NaN } }],
  ['a loss above 1', { ...NO_IMPAIRMENT, loss: { model: 'random', ratio: 1.2 } }],
  ['a loss of 0', { ...NO_IMPAIRMENT, loss: { model: 'random', ratio: 0 } }],
  ['a loss model that is not known', { ...NO_IMPAIRMENT, loss: { model: 'state', ratio: 0.5 } }],
  ['reorder without delay', { ...NO_IMPAIRMENT, reorder: { ratio: 0.5, gap: 1 } }],
  ['a gap of 0', { ...NO_IMPAIRMENT, delay, reorder: { ratio: 0.5, gap: 0 } }],
  ['a rate of 1 bit/s', { ...NO_IMPAIRMENT, rateBitsPerSecond: 1 }],
  ['a limit of a million', { ...NO_IMPAIRMENT, delay, limitPackets: 1_000_000 }],
  ['no object', 'delay 200ms'],
];

for (const [what, value] of refused) {
  test(`the schema refuses ${what}`, () => {
    assert.equal(v.is(ImpairmentSchema, value), false);
  });
}

test('the schema takes what was parsed', () => {
  for (const [texts] of described) {
    assert.deepEqual(v.parse(ImpairmentSchema, JSON.parse(JSON.stringify(impairmentOf(texts)))), impairmentOf(texts));
  }
});
