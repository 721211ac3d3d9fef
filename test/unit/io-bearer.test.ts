import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isBearer } from '../../src/io/bearer.ts';
import { readTokenFile } from '../../src/io/token-file.ts';

const TOKEN = 'a'.repeat(32);

test('only the very token is the bearer', () => {
  assert.equal(isBearer(`Bearer ${TOKEN}`, TOKEN), true);
  assert.equal(isBearer(`bearer  ${TOKEN}`, TOKEN), true);
  for (const given of [null, '', 'Bearer', `Bearer ${TOKEN}a`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN]) {
    assert.equal(isBearer(given, TOKEN), false, String(given));
  }
});

test('a token file holds one token, and an error never shows it', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-'));
  context.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'token');
  await writeFile(path, `${TOKEN}\n`);
  assert.equal(await readTokenFile(path), TOKEN);
  for (const text of ['', 'secret', `${TOKEN} ${TOKEN}`, 'ü'.repeat(32), 'a'.repeat(257)]) {
    // oxlint-disable-next-line no-await-in-loop -- one file, one content after the other
    await writeFile(path, text);
    // oxlint-disable-next-line no-await-in-loop
    await assert.rejects(readTokenFile(path), (error: Error) => {
      assert.match(error.message, /^the token file .*token cannot be used: A token is 32 to 256 printable characters/);
      assert.ok(text === '' || !error.message.includes(text));
      return true;
    });
  }
  await assert.rejects(readTokenFile(join(directory, 'none')), /the token file .*none cannot be used: ENOENT/);
});
