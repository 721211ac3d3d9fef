import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNameTemplate } from '../../src/config/name-template.ts';
import { optionsOf } from '../../src/config/options.ts';
import { placeSpec } from '../../src/config/place.ts';
import { shortName } from '../../src/placement/write-agent-file.ts';

test('a name that an agent can have stays as it is', () => {
  for (const name of ['worker-1', 'a'.repeat(63)]) assert.equal(shortName(name), name);
});

test('a longer one keeps its beginning, differs from every other, and is the same each time', () => {
  const zone = `${'worker-'.repeat(12)}eu-west-1.compute.internal`;
  const [one, other] = [shortName(`${zone}-1`), shortName(`${zone}-2`)];
  assert.match(one, /^(?:worker-){7}wor-[0-9a-f]{10}$/);
  assert.equal(one, shortName(`${zone}-1`));
  assert.notEqual(one, other);
  for (const length of [64, 253]) {
    const short = shortName('n'.repeat(length));
    assert.equal(short.length, 63);
    assert.ok(isNameTemplate(short));
  }
});

test('help shows no empty default, and where a pod has its name from', () => {
  const node = optionsOf(placeSpec).find(({ flag }) => flag === 'node');
  assert.equal(node?.defaultText, 'none, it must be given');
  for (const { flag, defaultText } of optionsOf(placeSpec)) assert.notEqual(defaultText, '', flag);
});
