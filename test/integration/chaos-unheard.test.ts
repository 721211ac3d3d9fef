import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { runChaos, startChaos } from '../support/chaos-cli.ts';
import { startLab } from '../support/running-lab.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const FOR_EVER = ['--rack', '1', '--loss', '20', '--forever'];
const NEEDS_FULL = process.platform !== 'linux' && 'needs /dev/full';
const NO_SPACE = 'netwatch: cannot write the output: ENOSPC: no space left on device, write\n';

test('what nobody hears any more is undone', async (context) => {
  const lab = await startLab(context, ['--racks', '2', '--servers', '3']);
  const { runtimeDirectory } = lab;
  const start = (...args: string[]) => startChaos(context, runtimeDirectory, args);
  /** How many injections there were, once nothing is left of them. */
  const undoneSoFar = async (): Promise<number> => {
    const { stdout } = await runChaos(context, runtimeDirectory, 'status');
    assert.equal(stdout, 'target lab, 6 servers: nothing is injected\n');
    const events: readonly DatacenterEvent[] = await lab.events();
    return events.filter((event) => event.scope === 'chaos' && event.to === 'ended').length;
  };
  /** Runs a command whose output a shell sends elsewhere. */
  const runInShell = async (args: readonly string[], redirection: string) => {
    const env = { PATH: process.env.PATH, XDG_RUNTIME_DIR: runtimeDirectory };
    const line = `exec "$@" ${redirection}`;
    const shell = spawn('sh', ['-c', line, 'sh', process.execPath, CLI, 'chaos', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env,
    });
    context.after(() => shell.kill('SIGKILL'));
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(shell, 'close');
    return { code: shell.exitCode, stderr };
  };

  await context.test('nobody reads from the start', async () => {
    const injector = start(...FOR_EVER);
    injector.stopListening('stdout');
    assert.deepEqual(await injector.ended, { code: 0, stdout: '', stderr: '' });
    assert.equal(await undoneSoFar(), 1);
  });

  await context.test('nobody reads either stream', async () => {
    const injector = start(...FOR_EVER, '--json');
    injector.stopListening('stdout');
    injector.stopListening('stderr');
    assert.equal((await injector.ended).code, 0);
    assert.equal(await undoneSoFar(), 2);
  });

  await context.test('what is told to end later on still ends in order', async () => {
    const injector = start(...FOR_EVER);
    await injector.said('injected on rack 1');
    injector.stopListening('stdout');
    injector.kill('SIGTERM');
    const { code, stderr } = await injector.ended;
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(await undoneSoFar(), 3);
  });

  await context.test('a full disk is said, and is a failure', { skip: NEEDS_FULL }, async () => {
    assert.deepEqual(await runInShell(FOR_EVER, '>/dev/full'), { code: 1, stderr: NO_SPACE });
    assert.equal(await undoneSoFar(), 4);
    assert.equal((await runInShell([...FOR_EVER, '--json'], '2>/dev/full')).code, 1);
    assert.equal(await undoneSoFar(), 5);
    assert.deepEqual(await runInShell(['status'], '>/dev/full'), { code: 1, stderr: NO_SPACE });
  });
});
