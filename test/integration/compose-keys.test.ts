import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { keysScript } from '../../scripts/compose/secrets.ts';
import { composeConfig } from '../support/compose-services.ts';

/** Where the script runs: its volumes, and programs that go before those of the machine. */
interface Place {
  readonly key: string;
  readonly token: string;
  readonly programs: string;
  /** Runs the script of the service `keys` as its container does. */
  readonly run: () => { readonly status: number | null; readonly stderr: string };
}

function place(context: TestContext, flags: Readonly<Record<string, unknown>> = {}): Place {
  const root = mkdtempSync(join(tmpdir(), 'netwatch-keys-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const programs = join(root, 'bin');
  for (const folder of [programs, join(root, 'key'), join(root, 'control')]) mkdirSync(folder);
  // What Compose makes of it, in folders of the test.
  const script = keysScript(composeConfig(flags)).replaceAll('$$', '$').replaceAll('/run/netwatch', root);
  return {
    key: join(root, 'key', 'udp.key'),
    token: join(root, 'control', 'token'),
    programs,
    run: () => {
      const env = { PATH: `${programs}:${process.env.PATH ?? ''}` };
      const { status, stderr } = spawnSync('sh', ['-euc', script], { encoding: 'utf8', env });
      return { status, stderr };
    },
  };
}

test('key and token are made once, for their owner only', (context) => {
  const { key, token, run } = place(context);
  assert.deepEqual(run(), { status: 0, stderr: '' });
  const made = [key, token].map((file) => readFileSync(file, 'utf8'));
  for (const text of made) assert.match(text, /^[\da-f]{64}$/);
  assert.notEqual(made[0], made[1]);
  for (const file of [key, token]) assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(run(), { status: 0, stderr: '' });
  assert.deepEqual(
    [key, token].map((file) => readFileSync(file, 'utf8')),
    made,
  );
});

for (const [called, od] of [
  ['fails', 'exit 1'],
  ['gives half of it', "printf ' c0 ff ee'; exit 1"],
] as const) {
  test(`nothing is put into place when od ${called}, and the next start makes it`, (context) => {
    const { key, token, programs, run } = place(context);
    const broken = join(programs, 'od');
    writeFileSync(broken, `#!/bin/sh\n${od}\n`, { mode: 0o755 });
    const { status, stderr } = run();
    assert.equal(status, 1);
    assert.ok(stderr.startsWith(`${key} was not made: `), stderr);
    assert.deepEqual([existsSync(key), existsSync(token)], [false, false]);
    rmSync(broken);
    assert.equal(run().status, 0);
    assert.match(readFileSync(key, 'utf8'), /^[\da-f]{64}$/);
  });
}

test("no key is made beside one's own", (context) => {
  const { key, token, run } = place(context, { 'key-file': './my.key' });
  assert.equal(run().status, 0);
  assert.deepEqual([existsSync(key), existsSync(token)], [false, true]);
});
