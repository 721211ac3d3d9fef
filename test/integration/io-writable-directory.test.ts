import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireWritableDirectory } from '../../src/io/writable-directory.ts';

test('a directory is made for its user alone, and nothing stays in it', async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'netwatch-writable-'));
  context.after(() => rm(parent, { recursive: true }));
  const directory = join(parent, 'a', 'b');
  await requireWritableDirectory('--incident-dir', directory);
  await requireWritableDirectory('--incident-dir', directory);
  assert.deepEqual(await readdir(directory), []);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
});

test('what is no directory, and where no file can be made, is named with its flag', async (context) => {
  const parent = await mkdtemp(join(tmpdir(), 'netwatch-writable-'));
  context.after(() => rm(parent, { recursive: true }));
  const file = join(parent, 'file');
  await writeFile(file, '');
  for (const place of [file, join(file, 'below'), '/proc', '/dev/null/x']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await assert.rejects(requireWritableDirectory('--incident-dir', place), (error: Error) => {
      assert.equal(error.name, 'UserError');
      assert.match(
        error.message,
        /^--incident-dir: got ".+", where no file can be made: E[A-Z]+: .+\. Give a directory/,
      );
      return true;
    });
  }
});
