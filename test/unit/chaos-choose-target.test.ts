import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

function choose(
  labDirectory: string,
  flags: Readonly<Record<string, string>> = {},
  onProblem: (text: string) => void = () => {},
) {
  return chooseTarget({
    config: loadConfig(chaosStatusSpec, { flags, env: {}, file: undefined }),
    labDirectory,
    docker: { dockerHost: `unix://${labDirectory}/none.sock` },
    kubeconfig: join(labDirectory, 'none'),
    signal: new AbortController().signal,
    onProblem,
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
    message:
      'no such lab of this user runs here: start one with netwatch lab --isolation netns\n' +
      '  one that runs is --target lab --url http://127.0.0.1:8080',
  });
});

test('where no lab has the URL that was given, those that run are named', async (context) => {
  const directory = await labs(context, {}, { isolation: 'netns' });
  await assert.rejects(choose(directory, { url: 'http://127.0.0.1:1' }), {
    message: new RegExp(
      '^there is nothing to break:\n  lab: no lab that runs has its API at http://127.0.0.1:1: ' +
        'there is --url http://127.0.0.1:808. or --url http://127.0.0.1:808.\n  docker: ',
    ),
  });
});

test('a lab whose file cannot be used is named, with the reason', async (context) => {
  const directory = await labs(context);
  const path = join(directory, `lab-${process.pid}.json`);
  await writeFile(path, '{"version":2}', { mode: 0o600 });
  const named = `a lab seems to run as process ${process.pid}, but its file ${path} cannot be used: it is of another release (version 2, this one reads 1): use that one, or start the lab anew`;
  await assert.rejects(choose(directory), ({ message }: Error) => {
    assert.ok(message.startsWith(`there is nothing to break:\n  lab: ${named}\n  docker: `), message);
    return true;
  });
  await assert.rejects(choose(directory, { target: 'lab' }), {
    message: `no such lab of this user runs here: start one with npm start\n  ${named}`,
  });
  await writeLabFile({ directory, file: { ...LAB, pid: process.ppid, api_url: 'http://127.0.0.1:8080' } });
  const told: string[] = [];
  assert.equal((await choose(directory, {}, (text) => told.push(text))).apiUrl, 'http://127.0.0.1:8080');
  assert.deepEqual(told, [named], 'it may have been meant');
  await choose(directory, { url: 'http://127.0.0.1:8080' }, (text) => told.push(text));
  assert.equal(told.length, 1, 'another one is meant');
});

test('docker and kubernetes are taken at their word, also when nobody answers', async (context) => {
  const directory = await labs(context, {});
  for (const target of ['docker', 'kubernetes']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const reach = await choose(directory, { target, url: 'http://dc.example:8080' });
    assert.deepEqual([reach.target.name, reach.apiUrl, reach.token], [target, 'http://dc.example:8080', null]);
    if (target === 'docker')
      assert.match(reach.untoldReason ?? '', /^the datacenter was not looked for: no Docker daemon/);
    else assert.equal(reach.untoldReason, null);
  }
});

test('a directory that others can write to is not trusted', async (context) => {
  const directory = await labs(context, {});
  await chmod(directory, 0o777);
  await assert.rejects(choose(directory), /can be used by others \(mode 777, needed is 700\)/);
});
