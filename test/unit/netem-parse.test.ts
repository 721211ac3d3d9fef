import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Impairment } from '../../src/netem/impairment.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { NO_IMPAIRMENT } from '../support/injections.ts';
import { impairmentOf, problemsOf } from '../support/netem-values.ts';

const steady = { jitterSeconds: 0, distribution: 'uniform', correlation: 0 } as const;

const accepted: readonly (readonly [ImpairmentTexts, Partial<Impairment>])[] = [
  [{ delay: '200ms' }, { delay: { seconds: 0.2, ...steady } }],
  [{ delay: '1.5s' }, { delay: { seconds: 1.5, ...steady } }],
  [{ delay: '500us' }, { delay: { seconds: 0.0005, ...steady } }],
  [{ delay: ' 80 MS ' }, { delay: { seconds: 0.08, ...steady } }],
  [{ delay: '60s' }, { delay: { seconds: 60, ...steady } }],
  [{ delay: '13.3333333ms' }, { delay: { seconds: 0.013333, ...steady } }],
  [{ delay: '10ms', jitter: 0 }, { delay: { seconds: 0.01, ...steady } }],
  [
    { delay: '10ms', jitter: '10ms', distribution: 'paretonormal', correlation: 25 },
    { delay: { seconds: 0.01, jitterSeconds: 0.01, distribution: 'paretonormal', correlation: 0.25 } },
  ],
  [{ delay: '0', loss: 20 }, { loss: { model: 'random', ratio: 0.2 } }],
  [{ loss: '20' }, { loss: { model: 'random', ratio: 0.2 } }],
  [{ loss: '20%' }, { loss: { model: 'random', ratio: 0.2 } }],
  [{ loss: '99.9 %' }, { loss: { model: 'random', ratio: 0.999 } }],
  [{ loss: 100 }, { loss: { model: 'random', ratio: 1 } }],
  [{ loss: 1e-7 }, { loss: { model: 'random', ratio: 1e-9 } }],
  [
    { corrupt: '0.5%', duplicate: 7 },
    { corruptRatio: 0.005, duplicateRatio: 0.07 },
  ],
  [
    { delay: '1s', reorder: 5 },
    { delay: { seconds: 1, ...steady }, reorder: { ratio: 0.05, gap: 1 } },
  ],
  [
    { delay: '1s', reorder: 100, gap: '5' },
    { delay: { seconds: 1, ...steady }, reorder: { ratio: 1, gap: 5 } },
  ],
  [{ rate: '1mbit' }, { rateBitsPerSecond: 1e6 }],
  [{ rate: '500kbit' }, { rateBitsPerSecond: 5e5 }],
  [{ rate: '1.5Gbit' }, { rateBitsPerSecond: 1.5e9 }],
  [{ rate: '9600bit' }, { rateBitsPerSecond: 9600 }],
  [{ rate: '128kbps' }, { rateBitsPerSecond: 1_024_000 }],
  [
    { rate: '1mbit', limit: 50 },
    { rateBitsPerSecond: 1e6, limitPackets: 50 },
  ],
];

for (const [texts, expected] of accepted) {
  test(`reads ${JSON.stringify(texts)}`, () => {
    assert.deepEqual(impairmentOf(texts), { ...NO_IMPAIRMENT, ...expected });
  });
}

const models: readonly (readonly [string, readonly number[]])[] = [
  ['gemodel:1', [0.01, 0.99, 1, 0]],
  ['gemodel:0.1%', [0.001, 0.999, 1, 0]],
  ['gemodel:1,10', [0.01, 0.1, 1, 0]],
  ['gemodel:1,10,70', [0.01, 0.1, 0.7, 0]],
  ['gemodel:1%, 10%, 70%, 0.1%', [0.01, 0.1, 0.7, 0.001]],
  ['gemodel:100,0,0,1', [1, 0, 0, 0.01]],
];

for (const [lossModel, [p, r, lossInBad, lossInGood]] of models) {
  test(`reads the loss model ${lossModel}, with netem's defaults`, () => {
    assert.deepEqual(impairmentOf({ lossModel }).loss, { model: 'gemodel', p, r, lossInBad, lossInGood });
  });
}

const TIME = 'a time with its unit up to 60s, like 200ms, 1.5s or 500us';
const JITTER = 'a time with its unit up to 2s, like 200ms, 1.5s or 500us';
const UNIT = '; a number alone is not, because tc takes it for microseconds';
const SHARE = 'per cent above 0 (at least 0.0000001) and at most 100, like 20, 20% or 0.5%';
const RATE =
  'a rate from 1kbit to 100gbit with its unit, like 1mbit (bit, kbit, mbit, gbit per second, or bps, kbps, mbps, gbps, ' +
  'which are bytes)';
const MODEL =
  'gemodel:p,r,1-h,1-k in per cent, like gemodel:1,10,70,0.1: the chance to go from good to bad (above 0), from bad to ' +
  'good (100 - p when left out), to lose a packet in the bad state (100) and in the good state (0), not both of them 0';
const JITTER_FIRST = 'only with jitter, because without it every packet has the same delay';
const SOMETHING = 'at least one of delay (above 0), loss, loss model, corrupt, duplicate, reorder and rate';

const refused: readonly (readonly [ImpairmentTexts, string])[] = [
  [{ delay: '200' }, `delay "200": ${TIME}${UNIT}`],
  [{ delay: 200 }, `delay "200": ${TIME}${UNIT}`],
  [{ delay: '61s' }, `delay "61s": ${TIME}`],
  [{ delay: '-5ms' }, `delay "-5ms": ${TIME}`],
  [{ delay: '5 minutes' }, `delay "5 minutes": ${TIME}`],
  [{ delay: '5constructor' }, `delay "5constructor": ${TIME}`],
  [{ delay: '1e3ms' }, `delay "1e3ms": ${TIME}`],
  [{ delay: '' }, `delay "": ${TIME}`],
  [{ delay: '5s', jitter: '3s' }, `jitter "3s": ${JITTER}`],
  [{ delay: '5s', jitter: 3 }, `jitter "3": ${JITTER}${UNIT}`],
  [{ jitter: '5ms' }, 'jitter "5ms": only with a delay that is at least as long, about which it varies'],
  [{ delay: 0, jitter: '5ms' }, 'jitter "5ms": only with a delay that is at least as long, about which it varies'],
  [
    { delay: '5ms', jitter: '6ms' },
    'jitter "6ms": at most the delay of 5ms, because a packet cannot leave before it came',
  ],
  [{ delay: '5ms', distribution: 'normal' }, `distribution "normal": ${JITTER_FIRST}`],
  [{ delay: '5ms', jitter: '0ms', correlation: '5%' }, `correlation "5%": ${JITTER_FIRST}`],
  [{ delay: '5ms', jitter: '1ms', distribution: 'bell' }, 'distribution "bell": uniform, normal, pareto, paretonormal'],
  [{ delay: '5ms', jitter: '1ms', correlation: '101%' }, 'correlation "101%": per cent from 0 to 100, like 25 or 25%'],
  [{ loss: 120 }, `loss "120": ${SHARE}`],
  [{ loss: 0 }, `loss "0": ${SHARE}`],
  [{ loss: Number.NaN }, `loss "NaN": ${SHARE}`],
  [{ loss: '20ms' }, `loss "20ms": ${SHARE}`],
  [{ corrupt: 0 }, `corrupt "0": ${SHARE}`],
  [{ duplicate: '0.00000001' }, `duplicate "0.00000001": ${SHARE}`],
  [{ loss: 5, lossModel: 'gemodel:1' }, 'lossModel "gemodel:1": either a loss or a loss model, not both'],
  [{ lossModel: '1,10,70,0.1' }, `lossModel "1,10,70,0.1": ${MODEL}`],
  [{ lossModel: 'gemodel:' }, `lossModel "gemodel:": ${MODEL}`],
  [{ lossModel: 'gemodel:0,10' }, `lossModel "gemodel:0,10": ${MODEL}`],
  [{ lossModel: 'gemodel:1,10,0,0' }, `lossModel "gemodel:1,10,0,0": ${MODEL}`],
  [{ lossModel: 'gemodel:1,101' }, `lossModel "gemodel:1,101": ${MODEL}`],
  [{ lossModel: 'gemodel:1,2,3,4,5' }, `lossModel "gemodel:1,2,3,4,5": ${MODEL}`],
  [{ lossModel: 'state:1' }, `lossModel "state:1": ${MODEL}`],
  [{ delay: '1s', reorder: 120 }, `reorder "120": ${SHARE}`],
  [{ reorder: 5 }, 'reorder "5": only with a delay, because a packet overtakes those that are held back'],
  [{ reorder: 5, delay: '0ms' }, 'reorder "5": only with a delay, because a packet overtakes those that are held back'],
  [
    { delay: '1s', reorder: '100%' },
    'reorder "100%": less than 100, or with a gap above 1: when every packet overtakes, none is delayed',
  ],
  [{ delay: '1s', reorder: 5, gap: 0 }, 'gap "0": a whole number from 1 to 1000000'],
  [{ delay: '1s', reorder: 5, gap: 2.5 }, 'gap "2.5": a whole number from 1 to 1000000'],
  [
    { delay: '1s', gap: 5 },
    'gap "5": only with reorder: every so many-th packet may overtake, and reorder says how likely',
  ],
  [{ rate: 1000 }, `rate "1000": ${RATE}; a number alone is not`],
  [{ rate: '999bit' }, `rate "999bit": ${RATE}`],
  [{ rate: '101gbit' }, `rate "101gbit": ${RATE}`],
  [{ rate: '5constructor' }, `rate "5constructor": ${RATE}`],
  [{ rate: '1mb' }, `rate "1mb": ${RATE}`],
  [{ loss: 1, limit: '100001' }, 'limit "100001": a whole number from 1 to 100000'],
  [{ loss: 1, limit: '10 packets' }, 'limit "10 packets": a whole number from 1 to 100000'],
  [{ limit: 5 }, 'limit "5": only with something else, because packets that nothing holds back do not wait'],
  [{ delay: '0ms' }, `delay "0ms": ${SOMETHING}`],
  [{}, `delay "nothing": ${SOMETHING}`],
];

for (const [texts, expected] of refused) {
  test(`refuses ${JSON.stringify(texts)}`, () => {
    assert.deepEqual(
      problemsOf(texts).map(({ key, given, allowed }) => `${key} "${given}": ${allowed}`),
      [expected],
    );
  });
}

test('every problem is told at once, and none that only follows from another', () => {
  const texts = { delay: 'long', jitter: '5ms', loss: 120, reorder: 5, gap: 'x', rate: 1, correlation: 'much' };
  assert.deepEqual(
    problemsOf(texts).map(({ key }) => key),
    ['delay', 'correlation', 'loss', 'gap', 'rate'],
  );
});

test('what was given is shown in part when it is long', () => {
  assert.deepEqual(problemsOf({ rate: 'm'.repeat(5000) })[0]?.given, 'm'.repeat(100));
});
