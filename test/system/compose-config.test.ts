import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { composeFiles } from '../../scripts/compose/compose-files.ts';
import { composeConfig } from '../support/compose-services.ts';

/** Version 1 and 2, whichever this machine has. */
const COMMANDS = [['docker-compose'], ['docker', 'compose']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, 'version']).status === 0,
);
const lacks = COMMANDS.length > 0 ? false : 'no Compose is installed (Debian: docker-compose)';

/** `config` of Compose in a folder. */
function config(command: readonly string[], directory: string, ...args: readonly string[]) {
  const [program = '', ...before] = command;
  return spawnSync(program, [...before, ...args], { cwd: directory, encoding: 'utf8' });
}

const VARIANTS = [{}, { racks: '1', servers: '1' }, { racks: '2', servers: '3', 'key-file': './my.key' }];

for (const flags of VARIANTS) {
  test(
    `Compose accepts the file of ${JSON.stringify(flags)}, and has nothing to remark`,
    { skip: process.env.CI ? false : lacks },
    async (context) => {
      assert.equal(lacks, false, 'no Compose is installed, and in CI no test may skip');
      const directory = mkdtempSync(join(tmpdir(), 'netwatch-compose-'));
      context.after(() => rmSync(directory, { recursive: true, force: true }));
      for (const [name, text] of await composeFiles(composeConfig(flags))) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
      // Version 1 wants every place that it builds from to be there.
      mkdirSync(join(directory, 'containers', 'chaos'), { recursive: true });
      for (const command of COMMANDS) {
        const { status, stdout, stderr } = config(command, directory, 'config', '--quiet');
        assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' }, command.join(' '));
      }
    },
  );
}

test('the committed file has its services', { skip: process.env.CI ? false : lacks }, () => {
  assert.equal(lacks, false, 'no Compose is installed, and in CI no test may skip');
  const project = fileURLToPath(new URL('../..', import.meta.url));
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = config(command, project, 'config', '--services');
    assert.equal(status, 0, stderr);
    // Version 1 names those of profiles too.
    const names = stdout.split('\n').filter((name) => name !== '' && name !== 'chaos');
    assert.equal(names.length, 1 + 1 + 4 + 32 + 2, command.join(' '));
  }
});
