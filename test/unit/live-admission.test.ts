import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccess } from '../../src/datacenter/api/access.ts';
import { MAX_CLIENTS, refuseClient } from '../../src/datacenter/live/admission.ts';
import { BEARER_PROTOCOL_PREFIX, SOCKET_PROTOCOL } from '../../src/wire/api/socket.ts';

const TOKEN = 'a-token-of-more-than-32-characters';
const ORIGIN = { host: 'dc.example:8080', origin: 'http://dc.example:8080' };

function refusalOf(
  headers: Record<string, string>,
  { apiToken = null as string | null, clients = 0, url = '/ws' } = {},
) {
  const access = createAccess({
    apiToken,
    controlToken: null,
    allowedOrigins: ['http://desk.example'],
    isOnLoopback: false,
  });
  const refusal = refuseClient({ url, headers: { upgrade: 'websocket', ...ORIGIN, ...headers } }, access, clients);
  return refusal === null ? null : `${refusal.response.status} ${refusal.reason}`;
}

const protocolOf = (token: string) =>
  `${SOCKET_PROTOCOL}, ${BEARER_PROTOCOL_PREFIX}${Buffer.from(token).toString('base64url')}`;

test("the datacenter's own page and those allowed by name come in, and who is no browser", () => {
  assert.equal(refusalOf({}), null);
  assert.equal(refusalOf({ origin: 'http://desk.example' }), null);
  assert.equal(refuseClient({ url: '/ws', headers: { upgrade: 'WebSocket' } }, createAccess(OPEN), 0), null);
  for (const origin of ['http://evil.example', 'http://dc.example:8081', 'null', '']) {
    assert.equal(refusalOf({ origin }), '403 bad-origin', origin);
  }
});

const OPEN = { apiToken: null, controlToken: null, allowedOrigins: [], isOnLoopback: false };

test('with a token only who shows it, as a header or as a subprotocol', () => {
  const apiToken = TOKEN;
  assert.equal(refusalOf({}, { apiToken }), '401 bad-token');
  assert.equal(refusalOf({ authorization: `Bearer ${TOKEN}` }, { apiToken }), null);
  assert.equal(refusalOf({ 'sec-websocket-protocol': protocolOf(TOKEN) }, { apiToken }), null);
  const ofProxy = { authorization: 'Basic dXNlcjpwYXNz' };
  assert.equal(refusalOf({ ...ofProxy, 'sec-websocket-protocol': protocolOf(TOKEN) }, { apiToken }), null);
  assert.equal(refusalOf(ofProxy, { apiToken }), '401 bad-token');
  assert.equal(refusalOf({ 'sec-websocket-protocol': protocolOf(`${TOKEN}x`) }, { apiToken }), '401 bad-token');
  assert.equal(refusalOf({ 'sec-websocket-protocol': 'bearer.%%%' }, { apiToken }), '401 bad-token');
});

test('another path, another protocol, and one client too many', () => {
  assert.equal(refusalOf({}, { url: '/' }), '404 bad-request');
  assert.equal(refusalOf({}, { url: '/ws?x=1' }), null);
  assert.equal(refusalOf({ upgrade: 'h2c' }), '426 bad-request');
  assert.equal(refusalOf({ 'sec-websocket-protocol': 'netwatch.v2' }), '400 bad-request');
  assert.equal(refusalOf({}, { clients: MAX_CLIENTS - 1 }), null);
  assert.equal(refusalOf({}, { clients: MAX_CLIENTS }), '503 too-many-clients');
});
