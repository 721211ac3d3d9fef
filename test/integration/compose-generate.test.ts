import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/generate-compose.ts', import.meta.url));

function generate(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function folder(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'netwatch-compose-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('--check says which files are not current, and with what command they would be', (context) => {
  const directory = folder(context);
  const size = ['--racks', '2', '--servers', '3', '--directory', directory];
  assert.deepEqual(generate(...size), { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(generate(...size, '--check'), { status: 0, stdout: '', stderr: '' });
  const file = join(directory, 'prometheus', 'targets', 'racks.json');
  appendFileSync(file, ' ');
  assert.deepEqual(generate(...size, '--check'), {
    status: 1,
    stdout: '',
    stderr:
      'prometheus/targets/racks.json is not current\n' +
      `run: npm run compose:generate -- --racks 2 --servers 3 --directory ${directory}\n`,
  });
  assert.ok(readFileSync(file, 'utf8').endsWith(' '), 'a check writes nothing');
  const compose = readFileSync(join(directory, 'docker-compose.yml'), 'utf8');
  assert.ok(!compose.includes(directory), 'the files are the same wherever they are');
});

test('bad usage is exit code 2, and writes nothing', (context) => {
  const directory = folder(context);
  const { status, stderr } = generate('--racks', '9', '--directory', directory);
  assert.equal(status, 2);
  assert.match(stderr, /^--racks: rack 8 server 0 would sing 9 Hz/);
  assert.equal(generate('--racks').status, 2);
  assert.equal(generate('4').status, 2);
  assert.throws(() => readFileSync(join(directory, 'docker-compose.yml')));
});

test("a key of one's own is read before a file relies on it, and never shown", (context) => {
  const directory = folder(context);
  writeFileSync(join(directory, 'short.key'), 'c0ffee\n');
  writeFileSync(join(directory, 'good.key'), `${'c0ffee42'.repeat(8)}\n`);
  const refused = generate('--key-file', './short.key', '--directory', directory);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /^--key-file: the key file .*short\.key cannot be used: A key is 64 or more/);
  assert.doesNotMatch(refused.stderr, /c0ffee/);
  assert.equal(generate('--key-file', './none.key', '--directory', directory).status, 2);
  assert.equal(generate('--key-file', './good.key', '--directory', directory).status, 0);
  const text = readFileSync(join(directory, 'docker-compose.yml'), 'utf8');
  assert.match(text, /file: \.\/good\.key/);
  assert.doesNotMatch(text, /c0ffee/);
});

test('--help has every flag, and examples', () => {
  const { status, stdout } = generate('--help');
  assert.equal(status, 0);
  for (const flag of ['racks', 'servers', 'dc-id', 'rate', 'frequency-plan', 'key-file', 'directory', 'check']) {
    assert.match(stdout, new RegExp(`^ +--${flag}\\b`, 'm'));
  }
  assert.match(stdout, /npm run compose:generate -- --racks 2 --servers 3/);
});
