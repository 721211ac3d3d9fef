import assert from 'node:assert/strict';
import { test } from 'node:test';
import { netemArguments, qdiscArguments } from '../../src/netem/netem-arguments.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { NO_IMPAIRMENT } from '../support/injections.ts';
import { impairmentOf } from '../support/netem-values.ts';

const vectors: readonly (readonly [ImpairmentTexts, string])[] = [
  [{ delay: '200ms', loss: 20 }, 'delay 200ms loss 20%'],
  [{ delay: '2s' }, 'delay 2s'],
  [{ delay: '1.5s' }, 'delay 1500ms'],
  [{ delay: '0.0005s' }, 'delay 500us'],
  // 1.001 × 1000 is a bit less than 1001, which tc would cut to 1000.
  [{ delay: '1.001ms' }, 'delay 1001us'],
  [{ delay: '200ms', jitter: '20ms' }, 'delay 200ms 20ms'],
  [{ delay: '200ms', jitter: '20ms', distribution: 'uniform' }, 'delay 200ms 20ms'],
  [
    { delay: '200ms', jitter: '20ms', distribution: 'normal', correlation: '25%' },
    'delay 200ms 20ms 25% distribution normal',
  ],
  [{ loss: '0.0000001%' }, 'loss 0.0000001%'],
  [{ loss: 7 }, 'loss 7%'],
  [{ lossModel: 'gemodel:1,10,70,0.1' }, 'loss gemodel 1% 10% 70% 0.1%'],
  [{ lossModel: 'gemodel:0.1' }, 'loss gemodel 0.1% 99.9% 100% 0%'],
  [{ corrupt: 3, duplicate: 4.5 }, 'corrupt 3% duplicate 4.5%'],
  [{ delay: '10ms', reorder: 5 }, 'delay 10ms reorder 5% gap 1'],
  [{ delay: '10ms', reorder: 5, gap: 5 }, 'delay 10ms reorder 5% gap 5'],
  [{ rate: '1gbit', loss: 1 }, 'loss 1% rate 1gbit'],
  [{ rate: '1.5mbit', limit: 20 }, 'limit 20 rate 1500kbit'],
  [{ rate: '1234567bit' }, 'rate 1234567bit'],
];

for (const [texts, expected] of vectors) {
  test(`${JSON.stringify(texts)} is netem ${expected}`, () => {
    assert.equal(netemArguments(impairmentOf(texts), null).join(' '), expected);
  });
}

test('each word is an argument of its own', () => {
  const impairment = impairmentOf({ delay: '200ms', jitter: '20ms', loss: 20 });
  assert.deepEqual(netemArguments(impairment, null), ['delay', '200ms', '20ms', 'loss', '20%']);
});

test('a seed is said last, and only when there is one', () => {
  assert.deepEqual(netemArguments(impairmentOf({ loss: 20 }), 0), ['loss', '20%', 'seed', '0']);
  assert.deepEqual(netemArguments(impairmentOf({ loss: 20 }), 4294967295).slice(-2), ['seed', '4294967295']);
});

test('a netem that does nothing names what a change would otherwise keep', () => {
  const nothing = 'limit 1000 delay 0ms 0ms 0% corrupt 0% rate 0bit';
  assert.equal(netemArguments(null, null).join(' '), nothing);
  assert.equal(netemArguments(null, 7).join(' '), `${nothing} seed 7`);
});

const buckets: readonly (readonly [string, string])[] = [
  ['1kbit', 'tbf rate 1kbit burst 1600b limit 1514000b'],
  ['1mbit', 'tbf rate 1mbit burst 1600b limit 1514000b'],
  ['100mbit', 'tbf rate 100mbit burst 125000b limit 1514000b'],
  ['1234567bit', 'tbf rate 1234567bit burst 1600b limit 1514000b'],
];

for (const [rate, expected] of buckets) {
  test(`a rate of ${rate} alone is ${expected}`, () => {
    assert.equal(qdiscArguments(impairmentOf({ rate }), 5).join(' '), expected);
  });
}

test('a rate beside anything else is a netem, and so is everything else', () => {
  assert.equal(qdiscArguments(impairmentOf({ rate: '1mbit', loss: 1 }), null).join(' '), 'netem loss 1% rate 1mbit');
  assert.equal(qdiscArguments(impairmentOf({ rate: '1mbit', limit: 9 }), null).join(' '), 'netem limit 9 rate 1mbit');
  assert.equal(qdiscArguments(impairmentOf({ loss: 1 }), 3).join(' '), 'netem loss 1% seed 3');
  assert.deepEqual(qdiscArguments(null, null), ['netem', ...netemArguments(null, null)]);
});

test('an impairment that was computed, and has more digits than tc takes, is rounded to whole microseconds', () => {
  const delay = { seconds: 0.2 / 3, jitterSeconds: 1e-7, distribution: 'uniform', correlation: 1 / 3 } as const;
  assert.equal(netemArguments({ ...NO_IMPAIRMENT, delay }, null).join(' '), 'delay 66667us 1us 33.3333333333%');
});
