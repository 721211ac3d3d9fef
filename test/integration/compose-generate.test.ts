import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/generate-compose.ts', import.meta.url));

const KEY = `${'c0ffee42'.repeat(8)}\n`;

function generate(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function folder(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'netwatch-compose-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A folder that looks like a checkout of this project. */
function checkout(context: TestContext): string {
  const directory = folder(context);
  mkdirSync(join(directory, 'containers'));
  writeFileSync(join(directory, 'containers', 'Dockerfile'), '');
  return directory;
}

test('--check says which files are not current, and with what command they would be', (context) => {
  const directory = checkout(context);
  const size = ['--racks', '2', '--servers', '3', '--directory', directory];
  const what = `docker-compose.yml and prometheus/targets/*.json in ${directory}, for --racks 2 --servers 3\n`;
  assert.deepEqual(generate(...size), { status: 0, stdout: `written: ${what}`, stderr: '' });
  assert.deepEqual(generate(...size, '--check'), { status: 0, stdout: `current: ${what}`, stderr: '' });
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

test('--check says so when the files were made with other flags', (context) => {
  const directory = checkout(context);
  writeFileSync(join(directory, 'my.key'), KEY, { mode: 0o444 });
  const size = ['--racks', '1', '--servers', '2', '--directory', directory];
  assert.equal(generate(...size, '--key-file', './my.key').status, 0);
  const { status, stderr } = generate(...size, '--check');
  assert.equal(status, 1);
  assert.equal(
    stderr,
    'docker-compose.yml is not current: it was made with other flags, --racks 1 --servers 2 --key-file ./my.key\n' +
      `run: npm run compose:generate -- --racks 1 --servers 2 --directory ${directory}\n`,
  );
});

test('bad usage is exit code 2, and writes nothing', (context) => {
  const directory = folder(context);
  const { status, stderr } = generate('--racks', '9', '--directory', directory);
  assert.equal(status, 2);
  assert.match(stderr, /^--racks: rack 8 server 0 would sing 9 Hz/);
  assert.throws(() => readFileSync(join(directory, 'docker-compose.yml')));
});

const NO_RACKS = '--racks: no value was given, allowed: a whole number from 1 to 64\n';

for (const [args, message] of [
  [['--racks'], NO_RACKS],
  [['--racks', '--check'], NO_RACKS],
  [['--racks', '2', '--servers', '3', '--racks=4'], '--racks: given 2 times (2, 4), allowed: once\n'],
  [['--check', '--check'], '--check: given 2 times, allowed: once\n'],
  [['4'], '4: nothing but flags is understood\n'],
  [['--directory', SCRIPT], `--directory: got ${SCRIPT}, which is no folder, allowed: a checkout of this project\n`],
] as const) {
  test(`${args.join(' ').replace(SCRIPT, 'a-file')} is refused`, () => {
    assert.deepEqual(generate(...args), { status: 2, stdout: '', stderr: message });
  });
}

test('a folder that is no checkout is written to, with a warning', (context) => {
  const directory = join(folder(context), 'new');
  const { status, stderr } = generate('--directory', directory);
  assert.equal(status, 0);
  assert.ok(stderr.startsWith(`warning: --directory: ${directory} is no checkout of this project`), stderr);
  assert.ok(existsSync(join(directory, 'docker-compose.yml')));
});

test("a key of one's own is read before a file relies on it, and never shown", (context) => {
  const directory = folder(context);
  writeFileSync(join(directory, 'short.key'), 'c0ffee\n');
  writeFileSync(join(directory, 'good.key'), KEY);
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

test('a key that the containers cannot read is told of, and with what it could be', (context) => {
  const directory = checkout(context);
  const key = join(directory, 'my.key');
  writeFileSync(key, KEY);
  // Whoever runs this may be that user.
  const own = process.getuid?.() === 1000;
  chmodSync(key, 0o400);
  const { status, stderr } = generate('--key-file', './my.key', '--directory', directory);
  assert.equal(status, 0);
  if (own) assert.equal(stderr, '');
  else
    assert.match(stderr, /^warning: --key-file: the containers' user 1000 cannot read .*, mode 0400.*sudo chown 1000/);
  chmodSync(key, 0o444);
  assert.equal(generate('--key-file', './my.key', '--directory', directory).stderr, '');
});

test('--help has every flag, and examples', () => {
  const { status, stdout } = generate('--help');
  assert.equal(status, 0);
  for (const flag of ['racks', 'servers', 'dc-id', 'rate', 'frequency-plan', 'key-file', 'directory', 'check']) {
    assert.match(stdout, new RegExp(`^ +--${flag}\\b`, 'm'));
  }
  assert.match(stdout, /npm run compose:generate -- --racks 2 --servers 3/);
});
