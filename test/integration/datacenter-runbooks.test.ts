import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test, type TestContext } from 'node:test';
import { createRunbookRoutes } from '../../src/datacenter/runbook-routes.ts';
import { readRunbooks } from '../../src/datacenter/runbooks.ts';
import { createRouter } from '../../src/io/http-router.ts';
import { runDatacenter } from '../support/datacenter-client.ts';

const FOLDER = new URL('../../docs/runbooks/', import.meta.url);

async function folderOf(context: TestContext, files: Readonly<Record<string, string>>): Promise<URL> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-test-runbooks-'));
  context.after(() => rm(directory, { recursive: true }));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(directory, name), content)));
  return pathToFileURL(`${directory}/`);
}

test('a datacenter serves every runbook as it is, and the list of them', async (context) => {
  const { get, datacenter } = await runDatacenter(context);
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.md'));
  assert.ok(files.length >= 9, files.join(', '));
  for (const file of files) {
    const path = file === 'README.md' ? '/runbooks' : `/runbooks/${file.replace(/\.md$/, '')}`;
    // As an alert has it, and as other pages link to it.
    for (const target of [path, `/runbooks/${file}`]) {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const response = await get(target);
      assert.equal(response.status, 200, target);
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(await response.text(), await readFile(new URL(file, FOLDER), 'utf8'));
    }
  }
  assert.equal((await get('/runbooks/server-silent', datacenter.metricsPort)).status, 404);
});

test('a page that is not there is a problem that names those that are', async (context) => {
  const { get } = await runDatacenter(context);
  const response = await get('/runbooks/no-such-page');
  assert.equal(response.status, 404);
  const { detail } = (await response.json()) as { detail: string };
  assert.match(detail, /^There is no such runbook\. There are: .*\bserver-silent\b/);
});

test('nothing but the pages is served, whatever a path looks like', async (context) => {
  const folder = await folderOf(context, {
    'a-page.md': 'a page',
    'README.md': 'the list',
    'notes.txt': 'notes',
    'UPPER.md': 'upper',
    '.hidden.md': 'hidden',
  });
  await mkdir(new URL('a-folder.txt/', folder));
  const routes = createRouter(createRunbookRoutes(await readRunbooks(folder)));
  const ask = async (path: string) => {
    const { status, body } = await routes('GET', path);
    return { status, body: status === 200 ? String(body) : '' };
  };
  assert.deepEqual(await ask('/runbooks/a-page'), { status: 200, body: 'a page' });
  assert.deepEqual(await ask('/runbooks/a-page.md'), { status: 200, body: 'a page' });
  for (const path of ['/runbooks', '/runbooks/README.md']) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    assert.deepEqual(await ask(path), { status: 200, body: 'the list' });
  }
  const others = ['a-page.md.md', 'README', 'notes.txt', 'notes', 'UPPER', 'UPPER.md', '.hidden.md', '.md'];
  for (const name of [
    ...others,
    '.hidden',
    '..%2Fa-page',
    '../a-page',
    '..%2Fa-page.md',
    '%2e%2e%2fpackage.json',
    '..%5Cx',
    '__proto__',
    'constructor',
    '%00',
    '',
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    assert.deepEqual(await ask(`/runbooks/${name}`), { status: 404, body: '' }, name);
  }
});

test('without the folder a datacenter runs, and says what is missing', async (context) => {
  const folder = await folderOf(context, {});
  const runbooks = await readRunbooks(new URL('nowhere/', folder));
  assert.deepEqual(runbooks, { index: null, pages: new Map() });
  const routes = createRouter(createRunbookRoutes(runbooks));
  for (const path of ['/runbooks', '/runbooks/server-silent']) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const { status, body } = await routes('GET', path);
    assert.equal(status, 404);
    assert.match(String(body), /No runbooks were installed with this datacenter controller/);
  }
});

test('no more is kept in memory than so many pages of so many bytes', async (context) => {
  const page = 'x'.repeat(64 * 1024);
  const names = Array.from({ length: 64 }, (_, n) => [`page-${n}.md`, page] as const);
  const folder = await folderOf(context, Object.fromEntries([...names, ['README.md', page]]));
  assert.equal((await readRunbooks(folder)).pages.size, 64);
  await writeFile(new URL('one-more.md', folder), '');
  await assert.rejects(readRunbooks(folder), /there are 65 runbooks in .*, at most 64 are allowed: take some away$/);
  await rm(new URL('one-more.md', folder));
  for (const file of ['page-7.md', 'README.md']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await writeFile(new URL(file, folder), `${page}x`);
    // oxlint-disable-next-line no-await-in-loop
    await assert.rejects(readRunbooks(folder), {
      message: `the runbook ${fileURLToPath(new URL(file, folder))} has 65537 bytes, at most 65536 are allowed: make it shorter`,
    });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(new URL(file, folder), page);
  }
});
