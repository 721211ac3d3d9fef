import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../src/io/http-response.ts';
import { createRouter } from '../../src/io/http-router.ts';

const route = createRouter({
  'GET /streams/:server/spectrum': ({ params, query }) => text(`${params['server']} ${query.get('window')}`),
  'GET /streams/all/spectrum': () => text('all'),
  'POST /streams/:server/spectrum': () => text('posted'),
  'GET /': () => text('root'),
});

async function answer(method: string, target: string): Promise<[number, string, string | undefined]> {
  const { status, body, headers } = await route(method, target);
  return [status, String(body), headers?.['allow']];
}

test('parameters are decoded and the query is parsed', async () => {
  assert.deepEqual(await answer('GET', '/streams/a%2Fb/spectrum?window=3&x=?'), [200, 'a/b 3', undefined]);
  assert.deepEqual(await answer('HEAD', '/'), [200, 'root', undefined]);
  assert.deepEqual(await answer('POST', '/streams/1/spectrum'), [200, 'posted', undefined]);
});

test('a route without parameters wins', async () => {
  assert.deepEqual(await answer('GET', '/streams/all/spectrum'), [200, 'all', undefined]);
});

test('what is not there is 404, what is not done is 405 with what is, what is malformed is 400', async () => {
  const cases: [string, string, number, string | undefined][] = [
    ['GET', '/streams/1', 404, undefined],
    ['GET', '/streams//spectrum', 404, undefined],
    ['GET', '/streams/1/spectrum/', 404, undefined],
    ['GET', '//', 404, undefined],
    ['DELETE', '/', 405, 'GET, HEAD'],
    ['PUT', '/streams/1/spectrum', 405, 'GET, HEAD, POST'],
    ['GET', '/streams/%E0%A4%A/spectrum', 400, undefined],
    ['OPTIONS', '*', 400, undefined],
    ['GET', 'http://elsewhere/', 400, undefined],
  ];
  for (const [method, target, status, allow] of cases) {
    // oxlint-disable-next-line no-await-in-loop -- nothing is gained by asking at once
    const [actual, body, allowed] = await answer(method, target);
    assert.deepEqual([actual, allowed], [status, allow], `${method} ${target}`);
    assert.match(body, new RegExp(`"status":${status},`));
  }
});

test('a key that is no route is refused', () => {
  const message = '"/metrics" is not a route: allowed is "METHOD /path"';
  assert.throws(() => createRouter({ '/metrics': () => text('') }), { message });
});
