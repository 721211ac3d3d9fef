import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readPageFiles } from '../../src/datacenter/page-files.ts';
import { createPageRoutes } from '../../src/datacenter/page-routes.ts';
import { nothingThere } from '../../src/datacenter/problem-page.ts';
import { startHttpServer } from '../../src/io/http.ts';

/** What browsers ask for when somebody goes to an address. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8';
const INDEX = '<!doctype html><title>a page</title>'.padEnd(2000, ' ');
const SCRIPT = 'console.log(1);'.repeat(100);

async function folderOf(context: TestContext, files: Readonly<Record<string, string | Buffer>>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-test-page-'));
  context.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await mkdir(join(folder, path, '..'), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(join(folder, path), content);
  }
  return pathToFileURL(`${folder}/`);
}

/** A server of the page; `ask` sends paths and headers as they are, and gives the body as it comes. */
async function serve(context: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const folder = await folderOf(context, files);
  const routes = createPageRoutes(await readPageFiles(folder));
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    purpose: 'a test',
    routes,
    notFound: nothingThere,
  });
  context.after(() => server.close());
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
      const asked = request({ port: server.address.port, host: '127.0.0.1', path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  return { ask, folder };
}

const FILES = {
  'index.html': INDEX,
  'assets/index-1a2b.js': SCRIPT,
  'docs/index.html': 'the docs',
  'icon.svg': '<svg/>',
};

test('every view of the page is the page, and no other path is', async (context) => {
  const { ask } = await serve(context, FILES);
  for (const path of [
    '/',
    '/index.html',
    '/events',
    '/events?rack=1',
    '/incidents',
    '/replay?rack=2&incident=a',
    '/racks/2',
    '/racks/2/servers/5',
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const { status, body, headers } = await ask(path);
    assert.deepEqual([status, body.toString()], [200, INDEX], path);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  }
  assert.equal((await ask('/docs')).body.toString(), 'the docs');
  assert.equal((await ask('/icon.svg')).headers['content-type'], 'image/svg+xml');
  for (const path of ['/racks', '/racks/2/servers', '/assets', '/assets/', '/nowhere', '/api/v1/nowhere']) {
    // oxlint-disable-next-line no-await-in-loop
    assert.equal((await ask(path)).status, 404, path);
  }
});

test('what may change is asked for anew, an asset never; who has it gets nothing', async (context) => {
  const { ask } = await serve(context, FILES);
  const page = await ask('/');
  const asset = await ask('/assets/index-1a2b.js');
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.match(String(asset.headers['cache-control']), /max-age=31536000, immutable/);
  const etag = String(page.headers['etag']);
  assert.notEqual(etag, asset.headers['etag']);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const again = await ask('/', { 'if-none-match': known });
    assert.deepEqual([again.status, again.body.length, again.headers['etag']], [304, 0, etag], known);
  }
  assert.equal((await ask('/', { 'if-none-match': '"other"' })).status, 200);
});

test('it is compressed for those who take that, but not what is compressed already', async (context) => {
  const { ask } = await serve(context, { ...FILES, 'assets/a.png': randomBytes(500) });
  const packed = await ask('/assets/index-1a2b.js', { 'accept-encoding': 'br, gzip;q=0.8' });
  assert.deepEqual([packed.headers['content-encoding'], packed.headers['vary']], ['gzip', 'accept-encoding']);
  assert.ok(packed.body.length < 200);
  assert.equal(Number(packed.headers['content-length']), packed.body.length);
  assert.equal(gunzipSync(packed.body).toString(), SCRIPT);
  const head = await ask('/assets/index-1a2b.js', { 'accept-encoding': 'gzip' }, 'HEAD');
  assert.deepEqual([head.headers['content-length'], head.body.length], [packed.headers['content-length'], 0]);
  for (const accepted of ['', 'br', 'gzip;q=0', 'gzip;q=0, *', 'identity']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const plain = await ask('/assets/index-1a2b.js', { 'accept-encoding': accepted });
    assert.deepEqual([plain.headers['content-encoding'], plain.body.toString()], [undefined, SCRIPT], accepted);
  }
  const image = await ask('/assets/a.png', { 'accept-encoding': 'gzip' });
  assert.equal(image.headers['content-encoding'], undefined);
});

test('nothing but its own scripts runs in it, and no other site shows it', async (context) => {
  const { ask } = await serve(context, FILES);
  for (const path of ['/', '/docs', '/assets/index-1a2b.js']) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const { headers } = await ask(path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
});

test('only files of the page are served, whatever a path looks like', async (context) => {
  const { ask, folder } = await serve(context, {
    ...FILES,
    '.env': 'secret',
    'assets/.hidden': 'secret',
    '.git/config': 'secret',
    'assets/with space.js': 'secret',
  });
  await symlink('/etc/passwd', new URL('assets/passwd', folder));
  const paths = [
    '/.env',
    '/assets/.hidden',
    '/.git/config',
    '/assets/with%20space.js',
    '/assets/passwd',
    '/../../etc/passwd',
  ];
  for (const path of [
    ...paths,
    '/assets/..%2f..%2fetc%2fpasswd',
    '/assets/../.env',
    '/%2e%2e/.env',
    '/assets/%00',
    '//',
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    assert.equal((await ask(path)).status, 404, path);
  }
  assert.ok(!(await readPageFiles(folder)).has('assets/passwd'), 'a link is no file of the page');
});

test('a page that was not built says how to build it', async (context) => {
  const { ask, folder } = await serve(context, {});
  assert.equal((await readPageFiles(new URL('nowhere/', folder))).size, 0);
  for (const path of ['/', '/events', '/racks/1', '/docs']) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const { status, body } = await ask(path);
    assert.equal(status, 503);
    assert.match(body.toString(), /"detail":"The page was not built: build it with npm run build:web, and start/);
  }
  const { status, body } = await ask('/', { accept: BROWSER });
  assert.equal(status, 503);
  assert.match(body.toString(), /<p>The page was not built: build it with npm run build:web, and start .* anew/);
});

test('a browser that goes where nothing is gets a page with a way home, all others problem details', async (context) => {
  const { ask } = await serve(context, FILES);
  for (const path of ['/nope', '/racks/0/servers/', '/nowhere/<b>', '/assets/gone.js']) {
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const { status, headers, body } = await ask(path, { accept: BROWSER });
    assert.deepEqual([status, headers['content-type'], headers['vary']], [404, 'text/html; charset=utf-8', 'accept']);
    assert.match(body.toString(), /There is nothing at this path\..*<a href="\/">/s);
    assert.match(String(headers['content-security-policy']), /default-src 'self'/);
    assert.doesNotMatch(body.toString(), /<b>/);
  }
  const json = 'application/problem+json';
  for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.9', 'text/html;q=0', '']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.equal((await ask('/nope', { accept })).headers['content-type'], json, accept);
  }
  assert.equal((await ask('/nope')).headers['content-type'], json);
  assert.equal((await ask('/api/v1/nope', { accept: BROWSER })).headers['content-type'], json);
});

test('no more is kept in memory than a page takes', async (context) => {
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`assets/${n}.js`, '1']));
  await assert.rejects(readPageFiles(await folderOf(context, many)), /has 257 files, at most 256 are allowed/);
  const large = await folderOf(context, {
    'a.js': Buffer.alloc(8 * 1024 * 1024),
    'b.js': Buffer.alloc(8 * 1024 * 1024),
  });
  assert.equal((await readPageFiles(large)).size, 2);
  await writeFile(new URL('c.js', large), '1');
  await assert.rejects(readPageFiles(large), /has 16777217 bytes, at most 16777216 are allowed: build it anew/);
});
