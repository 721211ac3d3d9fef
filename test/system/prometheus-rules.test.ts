import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { prometheusLacks } from '../support/prometheus-server.ts';

const FOLDER = fileURLToPath(new URL('../../prometheus/', import.meta.url));
const lacks = prometheusLacks();
const skip = process.env.CI ? false : (lacks ?? false);

function promtool(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  assert.equal(lacks, null, `${lacks ?? ''}: in CI no test may skip`);
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

test('promtool finds nothing wrong with the configuration and its rules', { skip }, () => {
  const { status, output } = promtool('check', 'config', '--lint=all', '--lint-fatal', 'prometheus.yml');
  assert.equal(status, 0, output);
  assert.match(output, /SUCCESS: 2 rule files found/);
  assert.doesNotMatch(output, /WARNING|FAILED|duplicate/, output);
});

const files = readdirSync(`${FOLDER}tests`).filter((name) => name.endsWith('.yml'));
assert.notDeepEqual(files, [], 'prometheus/tests has none for promtool');
for (const file of files) {
  test(`the rules do what tests/${file} says`, { skip }, () => {
    const { status, output } = promtool('test', 'rules', `tests/${file}`);
    assert.equal(status, 0, output);
    assert.match(output, /SUCCESS/);
  });
}
