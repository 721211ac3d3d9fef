import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { distributionTable } from '../../src/netem/distribution-tables.ts';

/** Of the files normal.dist, pareto.dist and paretonormal.dist of iproute2 6.1: all numbers joined by commas, and every 512th. */
const files = [
  {
    name: 'normal',
    sha256: '945065b87376c49c22ab6e6d5ea4ee02d360db6c9c3831eb2c208c114af933e9',
    excerpt: [-32768, -9423, -5525, -2610, 0, 2611, 5526, 9424],
  },
  {
    name: 'pareto',
    sha256: 'a3b006f11ab3117dbceb04674c35585d6c5f763f08efc54ab402a769903d105c',
    excerpt: [-5461, -4964, -4362, -3609, -2622, -1237, 955, 5461],
  },
  {
    name: 'paretonormal',
    sha256: 'd8423a38ccf1e5574cd53e85eb7f86eb0c57b9cd69059a98e20933b9b4e5cbf7',
    excerpt: [-12305, -6078, -4652, -3359, -1966, -275, 2097, 6451],
  },
] as const;

for (const { name, sha256, excerpt } of files) {
  test(`the table of ${name} is the one that tc loads, to the last number`, () => {
    const table = distributionTable(name) ?? assert.fail('none');
    assert.deepEqual(
      [...table].filter((_, index) => index % 512 === 0),
      excerpt,
    );
    assert.equal(createHash('sha256').update(table.join(',')).digest('hex'), sha256);
  });
}

test('a uniform distribution needs no table', () => {
  assert.equal(distributionTable('uniform'), null);
});

test('a table is made once', () => {
  assert.equal(distributionTable('pareto'), distributionTable('pareto'));
});
