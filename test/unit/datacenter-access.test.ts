import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccess } from '../../src/datacenter/api/access.ts';

const CONTENT = { authorization: null, mediaType: null, origin: null, host: 'dc:8080', body: Buffer.alloc(0) };
const API = 'a'.repeat(32);
const CONTROL = 'c'.repeat(32);

function statuses({ api = null, control = null }: { api?: string | null; control?: string | null }, token?: string) {
  const access = createAccess({
    apiToken: api,
    controlToken: control,
    allowedOrigins: ['https://noc.example'],
    isOnLoopback: false,
  });
  const content = { ...CONTENT, authorization: token === undefined ? null : `Bearer ${token}` };
  const ofOrigin = (origin: string) => access.control({ ...content, origin })?.status ?? null;
  return {
    read: access.read(content)?.status ?? null,
    control: access.control(content)?.status ?? null,
    own: ofOrigin('http://dc:8080'),
    allowed: ofOrigin('https://noc.example'),
    other: ofOrigin('http://elsewhere:8080'),
  };
}

test('without tokens everybody reads, and nobody controls', () => {
  assert.deepEqual(statuses({}), { read: null, control: 403, own: 403, allowed: 403, other: 403 });
});

test('with the token of those who read one reads', () => {
  assert.deepEqual(statuses({ api: API, control: CONTROL }, API), {
    read: null,
    control: 401,
    own: 401,
    allowed: 401,
    other: 401,
  });
  assert.equal(statuses({ api: API }).read, 401);
  assert.equal(statuses({ api: API }, `${API}a`).read, 401);
});

test('with the token of those who control one controls and reads, but for a page of another site', () => {
  assert.deepEqual(statuses({ api: API, control: CONTROL }, CONTROL), {
    read: null,
    control: null,
    own: null,
    allowed: null,
    other: 403,
  });
});

test('on loopback it answers to names of loopback only, whatever a site calls this machine', () => {
  const nobody = { apiToken: null, controlToken: CONTROL, allowedOrigins: ['https://noc.example'] };
  const access = createAccess({ ...nobody, isOnLoopback: true });
  const asked = (host: string) => access.read({ ...CONTENT, host })?.status ?? null;
  assert.equal(asked('localhost:8080'), null);
  assert.equal(asked('noc.example'), null);
  assert.equal(asked('evil.example:8080'), 403);
  assert.equal(access.isOriginAllowed({ host: 'evil.example', origin: 'http://evil.example' }), false);
  assert.equal(access.isOriginAllowed({ host: 'localhost', origin: 'http://localhost' }), true);
  const authorization = `Bearer ${CONTROL}`;
  assert.equal(access.control({ ...CONTENT, host: 'evil.example', authorization })?.status, 403);
});
