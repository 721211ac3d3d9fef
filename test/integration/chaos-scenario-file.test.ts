import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readScenarioFile } from '../../src/commands/scenario-file.ts';
import { runChaos } from '../support/chaos-cli.ts';

const NEEDS_POSIX = process.platform === 'win32' && 'needs named pipes and devices';

test('a scenario is a regular file of bounded size, or one that comes with NetWatch', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const file = join(directory, 'story.yaml');
  await writeFile(file, 'né');
  assert.equal(await readScenarioFile(file, 3), 'né');
  assert.match(await readScenarioFile('half-lost', 65_536), /^name: /m);
  const refused = async (name: string, message: RegExp): Promise<void> => {
    await assert.rejects(readScenarioFile(name, 2), { name: 'ConfigError', message });
  };
  await refused(file, /story.yaml: it is larger than a scenario may be, 2 bytes\nallowed: a YAML file, or .*half-lost/);
  await refused(directory, /: it is a directory\n/);
  await refused('half-found', /^cannot read the scenario half-found: ENOENT: .*, open 'half-found'\n/);
  await refused('-', /^cannot read the scenario -: the standard input is not read, give the name of a file\n/);
});

test('what never ends is no scenario', { skip: NEEDS_POSIX }, async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const name of [pipe, '/dev/zero']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { code, stderr } = await runChaos(context, directory, 'run', name);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^cannot read the scenario ${name}: it is not a regular file\n`));
  }
  const { code, stderr } = await runChaos(context, directory, 'run', '-');
  assert.equal(code, 2);
  assert.match(stderr, /^cannot read the scenario -: the standard input is not read/);
});
