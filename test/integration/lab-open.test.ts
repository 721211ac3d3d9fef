import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { labSpec } from '../../src/config/lab.ts';
import { loadConfig } from '../../src/config/load.ts';
import { findLabFiles } from '../../src/io/lab-files.ts';
import { runLab } from '../../src/lab/start-lab.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Below the range from which systems give out ports, beside those of the labs of other tests. */
const BASE_PORT = 8300 + (process.pid % 6) * 500;

test('--open opens a private page with the token, which stands on no command line, and goes with the lab', async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'netwatch-open-'));
  context.after(() => rm(parent, { recursive: true }));
  const controlDirectory = join(parent, 'labs');
  const flags = { open: true, racks: '1', servers: '1', 'base-port': String(BASE_PORT) };
  const config = loadConfig(labSpec, { flags, env: {}, file: undefined });
  const end = new AbortController();
  context.after(() => end.abort());
  const stdout = Object.assign(new PassThrough(), { isTTY: false, columns: 80, rows: 24 });
  const opened = Promise.withResolvers<string>();
  const opener = (path: string): Promise<void> => {
    opened.resolve(path);
    return Promise.resolve();
  };
  const ended = runLab({
    config,
    cliFile: CLI,
    stdout,
    stderr: process.stderr,
    signal: end.signal,
    isTty: false,
    color: false,
    controlDirectory,
    chaosCommand: 'netwatch chaos',
    opener,
  });
  const path = await Promise.race([opened.promise, ended.then(() => assert.fail('the lab ended'))]);
  const [lab] = await findLabFiles(controlDirectory);
  assert.ok(lab);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.ok((await readFile(path, 'utf8')).includes(`url=http://127.0.0.1:${BASE_PORT + 1}/#token=${lab.token}"`));
  assert.ok((await fetch(`${lab.api_url}/readyz`)).ok, 'everything is ready by then');
  assert.deepEqual(
    (await commandLines()).filter((line) => line.includes(lab.token)),
    [],
  );
  end.abort();
  assert.equal(await ended, 0);
  assert.ok(!existsSync(path));
});

/** Of all processes of this machine, where it tells of them. */
async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  // A process may end meanwhile.
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
}
