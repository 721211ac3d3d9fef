import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCorrelatedRandom } from '../../src/netem/correlated-random.ts';
import type { NetemCounts } from '../../src/netem/netem-queue.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import type { ImpairmentTexts } from '../../src/netem/parse-impairment.ts';
import { createSeededRandom } from '../../src/netem/seeded-random.ts';
import { impairmentOf } from '../support/netem-values.ts';

const PACKETS = 40_000;

interface Sent {
  /** For each packet in turn: its delay in seconds, null when it was lost. The copy of one that was doubled is left out. */
  readonly delays: readonly (number | null)[];
  readonly counts: NetemCounts;
}

/** Sends packets so far apart that none meets another. The seed is fixed, so what is seen is always the same. */
function send(texts: ImpairmentTexts): Sent {
  const queue = new NetemQueue({ random: createSeededRandom(20_240_607) });
  queue.change(impairmentOf(texts));
  const delays = Array.from({ length: PACKETS }, (_, index) => {
    const sentSeconds = index * 100;
    queue.enqueue(new Uint8Array(32), sentSeconds);
    const dueSeconds = queue.nextDueSeconds();
    while (queue.dequeue(sentSeconds + 99) !== null);
    return dueSeconds === null ? null : dueSeconds - sentSeconds;
  });
  return { delays, counts: queue.counts };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function spread(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Correlation of each value with the one before it. */
function correlation(values: readonly number[]): number {
  const middle = mean(values);
  const products = values.slice(1).map((value, index) => (value - middle) * ((values[index] ?? 0) - middle));
  return mean(products) / spread(values) ** 2;
}

/** Lengths of the runs of packets lost one after the other. */
function lossRuns(delays: Sent['delays']): number[] {
  const text = delays.map((delay) => (delay === null ? 'x' : '.')).join('');
  return (text.match(/x+/g) ?? []).map((run) => run.length);
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

/** Four standard errors of a share. */
const shareTolerance = (share: number, count = PACKETS): number => 4 * Math.sqrt((share * (1 - share)) / count);

for (const percent of [0.1, 1, 20, 50, 99]) {
  test(`a loss of ${percent} % loses so many, and in runs as chance has it`, () => {
    const { delays, counts } = send({ loss: percent });
    const share = percent / 100;
    assertNear(counts.lost / PACKETS, share, shareTolerance(share));
    const runs = lossRuns(delays);
    // Runs are geometric: mean 1 / (1 - p), deviation sqrt(p) / (1 - p).
    assertNear(mean(runs), 1 / (1 - share), (4 * Math.sqrt(share / runs.length)) / (1 - share));
  });
}

test('a loss of 100 % loses all, no loss none', () => {
  assert.equal(send({ loss: 100 }).counts.lost, PACKETS);
  assert.equal(send({ delay: '1ms' }).counts.lost, 0);
});

test('gemodel with certain loss in the bad state loses in geometric runs of mean 1 / r', () => {
  const { delays, counts } = send({ lossModel: 'gemodel:2,25' });
  const [p, r] = [0.02, 0.25];
  // The packets of a run are alike, which makes the share 1 + 2 (1 - p - r) / (p + r) times as uncertain.
  const alike = 1 + (2 * (1 - p - r)) / (p + r);
  assertNear(counts.lost / PACKETS, p / (p + r), shareTolerance(p / (p + r), PACKETS / alike));
  const runs = lossRuns(delays);
  assertNear(mean(runs), 1 / r, (4 * Math.sqrt(1 - r)) / r / Math.sqrt(runs.length));
  for (const length of [1, 2, 3]) {
    const share = r * (1 - r) ** (length - 1);
    const seen = runs.filter((run) => run === length).length / runs.length;
    assertNear(seen, share, shareTolerance(share, runs.length));
  }
});

test('gemodel with some loss in both states loses their mean', () => {
  const { counts } = send({ lossModel: 'gemodel:5,20,60,1' });
  const bad = 0.05 / 0.25;
  assertNear(counts.lost / PACKETS, bad * 0.6 + (1 - bad) * 0.01, 0.012);
});

/** Mean and deviation of the delay in units of the jitter; of those with tables, as the tables themselves have them. */
const shapes = [
  { distribution: 'uniform', middle: 0, deviation: 1 / Math.sqrt(3), lowest: -1, highest: 1 },
  { distribution: 'normal', middle: -0.0008, deviation: 1, lowest: -4, highest: 3.523 },
  { distribution: 'pareto', middle: -0.0335, deviation: 0.8197, lowest: -0.6667, highest: 4 },
  { distribution: 'paretonormal', middle: -0.0253, deviation: 0.8339, lowest: -1.5022, highest: 3.881 },
];

for (const { distribution, middle, deviation, lowest, highest } of shapes) {
  test(`a delay of ${distribution} distribution has its mean, deviation and ends`, () => {
    const { delays } = send({ delay: '200ms', jitter: '20ms', distribution });
    const units = delays.map((delay) => ((delay ?? Number.NaN) - 0.2) / 0.02);
    assertNear(mean(units), middle, (4 * deviation) / Math.sqrt(PACKETS));
    assertNear(spread(units), deviation, 0.03);
    assertNear(Math.min(...units), lowest, 0.01);
    assertNear(Math.max(...units), highest, 0.01);
    assertNear(correlation(units), 0, 4 / Math.sqrt(PACKETS));
  });
}

test('a steady delay is steady', () => {
  assert.deepEqual(
    new Set(send({ delay: '200ms' }).delays.map((delay) => Math.round((delay ?? 0) * 1e9))),
    new Set([2e8]),
  );
});

for (const rho of [0.25, 0.9]) {
  test(`numbers of correlation ${rho} have it, and their spread shrinks`, () => {
    const next = createCorrelatedRandom(rho, createSeededRandom(3));
    const values = Array.from({ length: PACKETS }, () => next() / 2 ** 32);
    assertNear(correlation(values), rho, 0.02);
    assertNear(mean(values), 0.5, 0.02);
    assertNear(spread(values), Math.sqrt((1 - rho) / (1 + rho) / 12), 0.01);
  });
}

test('the first number of a correlation leans on one that was drawn for it', () => {
  const draws = [0xffff_ffff, 0];
  const next = createCorrelatedRandom(0.25, () => draws.shift() ?? assert.fail('one draw too many'));
  assertNear(next() / 2 ** 32, 0.25, 1e-6);
});

test('a correlation of 100 % repeats the first number', () => {
  const next = createCorrelatedRandom(1, createSeededRandom(3));
  assert.equal(new Set(Array.from({ length: 10 }, () => next())).size, 1);
});

test("of a delay's correlation little is left, as in the kernel, which takes the remainder of the correlated number", () => {
  const jittered = { delay: '200ms', jitter: '20ms', correlation: '90%' };
  for (const distribution of ['uniform', 'normal']) {
    const { delays } = send({ ...jittered, distribution });
    assertNear(correlation(delays.map((delay) => delay ?? Number.NaN)), 0, 4 / Math.sqrt(PACKETS));
  }
  // Only a uniform jitter that takes most of the 32 bits (4 s of 4.29) keeps it.
  const wide = send({ delay: '10s', jitter: '2s', correlation: '25%' });
  assert.ok(correlation(wide.delays.map((delay) => delay ?? Number.NaN)) > 0.15);
});

test('a share of packets is doubled, corrupted, sent ahead', () => {
  const { counts } = send({ delay: '1s', duplicate: 10, corrupt: 5, reorder: 25 });
  assertNear(counts.duplicated / PACKETS, 0.1, shareTolerance(0.1));
  assertNear(counts.corrupted / (1.1 * PACKETS), 0.05, shareTolerance(0.05));
  assertNear(counts.reordered / (1.1 * PACKETS), 0.25, shareTolerance(0.25));
});

test('of the corrupted as many are let through as the address that a frame comes from is of the frame', () => {
  const { counts, delays } = send({ corrupt: 100 });
  assert.equal(counts.corrupted, PACKETS);
  const share = 6 / (14 + 20 + 8 + 32);
  assertNear(1 - counts.rejected / PACKETS, share, shareTolerance(share));
  assert.ok(!delays.includes(null), 'until it is due it waits');
});

test('of a gap, the share that overtakes is one in gap - 1 + 1 / chance', () => {
  const { counts, delays } = send({ delay: '1s', reorder: 50, gap: 5 });
  assertNear(counts.reordered / PACKETS, 1 / (4 + 1 / 0.5), 0.005);
  assert.equal(delays.filter((delay) => delay === 0).length, counts.reordered);
});
