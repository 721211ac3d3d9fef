import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { chooseTarget } from '../../src/chaos/choose-target.ts';
import { chaosStatusSpec } from '../../src/config/chaos-target.ts';
import { loadConfig } from '../../src/config/load.ts';
import { writeLabFile } from '../../src/io/lab-files.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';

const TOKEN = 't'.repeat(32);

const LAB = { version: 1, isolation: 'none', token: TOKEN, agents: [], namespaces: [] } as const;

/** Labs of processes that run: this one and its parent. */
async function labs(context: TestContext, ...files: readonly Partial<LabFile>[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const pids = [process.pid, process.ppid];
  await Promise.all(
    files.map((file, n) =>
      writeLabFile({
        directory,
        file: { ...LAB, pid: pids[n] ?? 0, api_url: `http://127.0.0.1:${8080 + n}`, ...file },
      }),
    ),
  );
  return directory;
}

function choose(labDirectory: string, flags: Readonly<Record<string, string>> = {}) {
  return chooseTarget({
    config: loadConfig(chaosStatusSpec, { flags, env: {}, file: undefined }),
    labDirectory,
    docker: { dockerHost: `unix://${labDirectory}/none.sock` },
    kubeconfig: join(labDirectory, 'none'),
    signal: new AbortController().signal,
    onProblem: () => {},
  });
}

test('a lab that runs is meant, with its datacenter and its token', async (context) => {
  const reach = await choose(await labs(context, {}));
  assert.deepEqual([reach.target.name, reach.apiUrl, reach.token], ['lab', 'http://127.0.0.1:8080', TOKEN]);
});

test('a lab with isolation is broken in its namespaces', async (context) => {
  assert.equal((await choose(await labs(context, { isolation: 'netns' }))).target.name, 'netns');
});

test('of several labs one has to be named, by its URL or by what it is', async (context) => {
  const directory = await labs(context, {}, { isolation: 'netns' });
  await assert.rejects(choose(directory), {
    name: 'ChaosError',
    message: /^2 labs run: say which with --url http:\/\/127.0.0.1:808[01] or --url http:\/\/127.0.0.1:808[01]$/,
  });
  assert.equal((await choose(directory, { url: 'http://127.0.0.1:8081/' })).target.name, 'netns');
  assert.equal((await choose(directory, { target: 'lab' })).apiUrl, 'http://127.0.0.1:8080');
});

test('a lab that was named and does not run is said to', async (context) => {
  await assert.rejects(choose(await labs(context, {}), { target: 'netns' }), {
    message: 'no such lab of this user runs here: start one with netwatch lab --isolation netns',
  });
});

test('docker and kubernetes are taken at their word, and nothing is asked of them yet', async (context) => {
  const directory = await labs(context, {});
  for (const target of ['docker', 'kubernetes']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const reach = await choose(directory, { target, url: 'http://dc.example:8080' });
    assert.deepEqual([reach.target.name, reach.apiUrl, reach.token], [target, 'http://dc.example:8080', null]);
  }
});

test('a directory that others can write to is not trusted', async (context) => {
  const directory = await labs(context, {});
  await chmod(directory, 0o777);
  await assert.rejects(choose(directory), /can be used by others \(mode 777, needed is 700\)/);
});
