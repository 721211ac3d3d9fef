import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

test('help of place shows the names of commands, and every default', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'place', '--help']);
  assert.match(stdout, /then: netwatch agent --config agent\.json/);
  assert.doesNotMatch(stdout, /\$0|default: ,/);
});
