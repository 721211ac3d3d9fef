import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../support/random.ts';
import { kolmogorovSmirnovP, sameShareP } from '../support/two-sample.ts';

function normals(seed: number, count: number, mean = 0): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => mean + random.normal());
}

test('samples of one distribution have p-values spread over 0 to 1', () => {
  const p = Array.from({ length: 200 }, (_, n) => kolmogorovSmirnovP(normals(2 * n, 300), normals(2 * n + 1, 300)));
  const below = (level: number): number => p.filter((one) => one < level).length / p.length;
  assert.ok(below(0.05) < 0.1, `${below(0.05)}`);
  assert.ok(below(0.5) > 0.35 && below(0.5) < 0.65, `${below(0.5)}`);
});

test('a shift of half a deviation is seen', () => {
  assert.ok(kolmogorovSmirnovP(normals(1, 500), normals(2, 500, 0.5)) < 1e-6);
});

test('shares of one chance agree, others do not', () => {
  // From tables: z = 1.96 is p = 0.05.
  assert.ok(Math.abs(sameShareP({ hits: 500, of: 1000 }, { hits: 543.8, of: 1000 }) - 0.05) < 0.001);
  assert.equal(sameShareP({ hits: 200, of: 1000 }, { hits: 200, of: 1000 }) > 0.999, true);
  assert.ok(sameShareP({ hits: 200, of: 1000 }, { hits: 300, of: 1000 }) < 1e-6);
});
