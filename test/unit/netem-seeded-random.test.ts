import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom, mixSeed } from '../../src/netem/seeded-random.ts';

const first = (seed: number, count: number): number[] => {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => random());
};

test('the same seed gives the same numbers, on every machine and in every version', () => {
  assert.deepEqual(first(0, 3), [1144304738, 1416247, 958946056]);
  assert.deepEqual(first(0xffff_ffff, 3), [3850105811, 813802916, 3073704848]);
});

test('the numbers are whole, of 32 bits, and every bit is set half of the time', () => {
  const numbers = first(42, 20_000);
  assert.ok(numbers.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 32));
  for (let bit = 0; bit < 32; bit++) {
    const share = numbers.filter((number) => (number >>> bit) & 1).length / numbers.length;
    assert.ok(Math.abs(share - 0.5) < 0.015, `bit ${bit}: ${share}`);
  }
});

test('no two servers of a seed draw alike, and a seed is the same every time', () => {
  const seeds = new Set<number>();
  for (const rackId of [0, 1, 2, 255, 65_535]) {
    for (let serverId = 0; serverId < 2000; serverId++) seeds.add(mixSeed(7, rackId, serverId));
  }
  assert.equal(seeds.size, 10_000);
  assert.equal(mixSeed(7, 0, 3), mixSeed(7, 0, 3));
  assert.notEqual(mixSeed(7, 0, 3), mixSeed(8, 0, 3));
  assert.notEqual(mixSeed(7, 3, 0), mixSeed(7, 0, 3));
});

test('seeds that are neighbours share no stream', () => {
  const streams = [0, 1, 2, 3].map((serverId) => first(mixSeed(1, 0, serverId), 1000));
  assert.equal(new Set(streams.flat()).size, 4000);
});
