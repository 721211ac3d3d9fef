import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datacenterSpec } from '../../src/config/datacenter.ts';
import { loadConfig } from '../../src/config/load.ts';

const load = (flag: unknown) =>
  loadConfig(datacenterSpec, { flags: { 'allow-origin': flag }, env: {}, file: undefined }).allowOrigin;

test('origins are given several times, or with commas between them', () => {
  assert.deepEqual(load(['https://noc.example', 'http://10.0.0.5:8080']), [
    'https://noc.example',
    'http://10.0.0.5:8080',
  ]);
  assert.deepEqual(load('https://a.example,https://b.example,https://a.example'), [
    'https://a.example',
    'https://b.example',
  ]);
  const env = { NETWATCH_ALLOW_ORIGIN: 'https://a.example' };
  assert.deepEqual(loadConfig(datacenterSpec, { flags: {}, env, file: undefined }).allowOrigin, ['https://a.example']);
});

for (const wrong of [
  '*',
  'noc.example',
  'https://noc.example/',
  'https://noc.example:443',
  'ftp://noc.example',
  'null',
]) {
  test(`what a browser would never send is refused: ${wrong}`, () => {
    assert.throws(() => load(wrong), /--allow-origin: got ".*", allowed: up to 16 origins like https:\/\/noc\.example/);
  });
}

test('17 are too many', () => {
  const many = Array.from({ length: 17 }, (_, n) => `https://noc${n}.example`);
  assert.throws(() => load(many), /--allow-origin/);
  assert.equal(load(many.slice(1)).length, 16);
});
