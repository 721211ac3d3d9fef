import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Delay, Impairment } from '../../src/netem/impairment.ts';
import { impairmentOf, lossOf } from '../support/injections.ts';
import { createWays, removeWays, throughKernel as measured } from '../support/kernel-netem.ts';
import {
  delays,
  delaySteps,
  emulate,
  quantile,
  reorderingExtents,
  runLengths,
  type PacketTrace,
} from '../support/packet-trace.ts';
import { kolmogorovSmirnovP, sameShareP } from '../support/two-sample.ts';

// The emulation of the lab against the kernel's own netem: the same options, the same packets at the same times, and
// two-sample tests of what came of them. The kernel cannot be seeded (before Linux 6.7), the emulation is.

const SEED = 1;
const PACKETS = 1500;
const PER_SECOND = 150;
/** What is lost, doubled or corrupted does not depend on how busy the machine is. */
const UNTIMED = { isTimed: false };
/** Some 40 comparisons: one run in 2500 fails by chance. */
const LEAST_P = 1e-5;

before(createWays);
after(removeWays);

/** Long, so that what a busy machine adds is little against it. */
const delayOf = (delay: Partial<Delay>): Impairment =>
  impairmentOf({ delay: { seconds: 2, jitterSeconds: 1, distribution: 'uniform', correlation: 0, ...delay } });

for (const distribution of ['uniform', 'normal', 'pareto', 'paretonormal'] as const) {
  test(`delays are spread alike: ${distribution}`, async () => {
    const impairment = delayOf({ distribution });
    const real = await throughKernel(impairment);
    const emulated = emulate(real, impairment, SEED);
    same('delays', delays(real), delays(emulated));
    same('reordering', reorderingExtents(real), reorderingExtents(emulated));
    // The test can tell: twice the spread is another distribution.
    const other = emulate(real, delayOf({ distribution, jitterSeconds: 2 }), SEED);
    different('delays of another spread', delays(real), delays(other));
  });
}

test('a delay that goes with that of the packet before goes so alike', async () => {
  const impairment = delayOf({ distribution: 'normal', correlation: 0.5 });
  const real = await throughKernel(impairment);
  const emulated = emulate(real, impairment, SEED);
  same('steps between delays', delaySteps(real), delaySteps(emulated));
});

test('as many packets are lost, in runs alike', async () => {
  const impairment = lossOf(0.2);
  const real = await throughKernel(impairment, UNTIMED);
  const emulated = emulate(real, impairment, SEED);
  const lost = (trace: PacketTrace): number => trace.arrivals.filter((copies) => copies.length === 0).length;
  sameShare('lost', lost(real), lost(emulated));
  for (const isLost of [true, false])
    same(`runs, lost: ${isLost}`, runLengths(real, isLost), runLengths(emulated, isLost));
  const other = lost(emulate(real, lossOf(0.4), SEED));
  assert.ok(sameShareP({ hits: lost(real), of: PACKETS }, { hits: other, of: PACKETS }) < LEAST_P);
});

test('losses come in bursts alike', async () => {
  const gemodel = { model: 'gemodel', p: 0.05, r: 0.25, lossInBad: 0.9, lossInGood: 0.01 } as const;
  const impairment = impairmentOf({ loss: gemodel });
  const real = await throughKernel(impairment, UNTIMED);
  const emulated = emulate(real, impairment, SEED);
  for (const isLost of [true, false])
    same(`runs, lost: ${isLost}`, runLengths(real, isLost), runLengths(emulated, isLost));
  const other = emulate(real, lossOf(0.15), SEED);
  different('runs of other bursts', runLengths(real, true), runLengths(other, true));
});

test('as many packets overtake, as far apart', async () => {
  const impairment = impairmentOf({
    delay: { seconds: 1, jitterSeconds: 0, distribution: 'uniform', correlation: 0 },
    reorder: { ratio: 0.25, gap: 5 },
  });
  const real = await throughKernel(impairment);
  const emulated = emulate(real, impairment, SEED);
  const early = ({ sentSeconds, arrivals }: PacketTrace): number[] =>
    sentSeconds.flatMap((sent, number) => ((arrivals[number]?.[0] ?? Infinity) < sent + 0.5 ? [number] : []));
  const apart = (trace: PacketTrace): number[] =>
    early(trace)
      .slice(1)
      .map((n, at) => n - (early(trace)[at] ?? 0));
  sameShare('early', early(real).length, early(emulated).length);
  same('packets between two that overtake', apart(real), apart(emulated));
  assert.deepEqual([Math.min(...apart(real)), Math.min(...apart(emulated))], [5, 5], 'none within the gap');
});

test('as many packets come twice', async () => {
  const impairment = impairmentOf({ duplicateRatio: 0.1 });
  const real = await throughKernel(impairment, UNTIMED);
  const twice = (trace: PacketTrace): number => trace.arrivals.filter((copies) => copies.length === 2).length;
  sameShare('twice', twice(real), twice(emulate(real, impairment, SEED)));
});

test('of what is corrupted as much comes, and that as it was sent', async () => {
  const impairment = impairmentOf({ corruptRatio: 1 });
  const real = await throughKernel(impairment, UNTIMED);
  const seen = cameOf(real);
  sameShare('came', seen, cameOf(emulate(real, impairment, SEED)));
  const expected = { hits: Math.round((6 / 74) * PACKETS), of: PACKETS };
  assert.ok(sameShareP({ hits: seen, of: PACKETS }, expected) > LEAST_P, `${seen} of ${PACKETS} came`);
  assert.ok(sameShareP({ hits: seen, of: PACKETS }, { hits: 0, of: PACKETS }) < LEAST_P, 'some come');
});

test('what is corrupted takes its place in a queue and its time on the wire alike', async () => {
  const impairment = impairmentOf({
    delay: { seconds: 0.02, jitterSeconds: 0, distribution: 'uniform', correlation: 0 },
    corruptRatio: 0.5,
    rateBitsPerSecond: 60_000,
    limitPackets: 300,
  });
  const real = await throughKernel(impairment);
  const emulated = emulate(real, impairment, SEED);
  sameShare('came', cameOf(real), cameOf(emulated));
  nearlyTheSame('wait', median(delays(real)), median(delays(emulated)));
  // The test can tell: were they lost before the queue, the rate would be enough for the others.
  const lost = emulate(real, { ...impairment, corruptRatio: null, loss: { model: 'random', ratio: 0.5 } }, SEED);
  assert.ok(median(delays(lost)) < 0.1, `lost, the median waits ${median(delays(lost))} s`);
});

test('a rate below what is sent fills the queue alike, until the limit', async () => {
  // 150 packets/s of 74 bytes are 89 kbit/s; with the delay this is netem, not a token bucket.
  const impairment = impairmentOf({
    delay: { seconds: 0.02, jitterSeconds: 0, distribution: 'uniform', correlation: 0 },
    rateBitsPerSecond: 60_000,
    limitPackets: 300,
  });
  const real = await throughKernel(impairment);
  const emulated = emulate(real, impairment, SEED);
  sameShare('came', cameOf(real), cameOf(emulated));
  nearlyTheSame('wait', median(delays(real)), median(delays(emulated)));
});

async function throughKernel(impairment: Impairment, { isTimed = true } = {}): Promise<PacketTrace> {
  const trace = await measured(impairment, { packets: PACKETS, perSecond: PER_SECOND, isTimed });
  assert.equal(trace.sentSeconds.length, PACKETS);
  return trace;
}

/** How many packets came. */
function cameOf({ arrivals }: PacketTrace): number {
  return arrivals.filter((copies) => copies.length > 0).length;
}

function nearlyTheSame(what: string, real: number, emulated: number): void {
  const isNear = Math.abs(real - emulated) < 0.1 * emulated;
  assert.ok(isNear, `${what}: the median is ${real} in the kernel and ${emulated} in the emulation`);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function same(what: string, real: readonly number[], emulated: readonly number[]): void {
  const p = kolmogorovSmirnovP(real, emulated);
  assert.ok(p > LEAST_P, `${what}: p = ${p}, medians ${median(real)} and ${median(emulated)}`);
}

function different(what: string, real: readonly number[], emulated: readonly number[]): void {
  const p = kolmogorovSmirnovP(real, emulated);
  assert.ok(p < LEAST_P, `${what}: p = ${p}, medians ${median(real)} and ${median(emulated)}`);
}

function sameShare(what: string, real: number, emulated: number): void {
  const p = sameShareP({ hits: real, of: PACKETS }, { hits: emulated, of: PACKETS });
  assert.ok(p > LEAST_P, `${what}: p = ${p}, ${real} and ${emulated} of ${PACKETS}`);
}
