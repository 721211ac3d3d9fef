import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, test, type TestContext } from 'node:test';
import { BEARER_PROTOCOL_PREFIX, SOCKET_PROTOCOL, type ServerMessage } from '../../src/wire/api/socket.ts';
import { encodeFrame } from '../../src/wire/frame-line.ts';
import { parseWatchRequest } from '../../src/wire/watch-request.ts';
import { API_TOKEN, CONTROL_TOKEN, runApiDatacenter } from '../support/api-datacenter.ts';
import { connectClient, runDatacenter } from '../support/datacenter-client.ts';
import { reportOf, serversOf } from '../support/datacenter-reports.ts';
import { parseExposition } from '../support/exposition.ts';
import { runNetwatch } from '../support/netwatch-process.ts';
import { connectSocket, refusedWith } from '../support/socket-client.ts';
import { frameOf, largeFrameOf } from '../support/stream-frames.ts';
import { waitUntil } from '../support/wait-until.ts';

const isFrame = (said: ServerMessage) => said.type === 'change' && 'frame' in said.data;
const hasSpectrum = (said: ServerMessage) =>
  said.type === 'change' && 'frame' in said.data && said.data.frame?.spectrum !== null;
const is = (type: string, topic: string) => (said: ServerMessage) =>
  said.type === type && 'topic' in said && said.topic === topic;

/** A rack of one server as processes, reporting to a datacenter. */
async function startRack(context: TestContext, reportPort: number, udpPort: number | string = 0) {
  const ports = ['--metrics-port', '0', '--dc-controller-port', `${reportPort}`, '--udp-listen-port', `${udpPort}`];
  const rack = runNetwatch(context, 'rack', ...ports);
  const listening = await rack.logged('listening');
  const metric = async (name: string) => {
    const response = await fetch(`http://127.0.0.1:${String(listening.metricsPort)}/metrics`);
    return parseExposition(await response.text()).value(name);
  };
  return { rack, udpPort: String(listening.udpPort), metric };
}

test('snapshots, changes, and frames of a real rack only while somebody watches, also after the rack began anew', async (context) => {
  const { datacenter, get } = await runDatacenter(context);
  const first = await startRack(context, datacenter.reportPort);
  runNetwatch(context, 'agent', '--rack-controller-port', first.udpPort, '--metrics-port', '0', '--servers', '0');
  await waitUntil('the server is heard well', async () => (await get('/api/v1/racks/0/servers/0/spectrum')).ok);
  await waitUntil('nobody watches', async () => (await first.metric('netwatch_watched_servers')) === 0);

  const [one, two] = [
    await connectSocket(context, datacenter.apiPort),
    await connectSocket(context, datacenter.apiPort),
  ];
  one.say('subscribe', 'health');
  one.say('subscribe', 'events');
  await one.heard('a snapshot of health', is('snapshot', 'health'));
  await one.heard('a snapshot of events', is('snapshot', 'events'));
  await one.heard('a change of health', is('change', 'health'));
  assert.equal(one.messages[0]?.type, 'hello');
  assert.equal(one.messages.some(isFrame), false);

  for (const client of [one, two]) client.say('subscribe', 'server:0/0');
  const all = [one, two].flatMap((client) => [
    client.heard('a snapshot of the server', is('snapshot', 'server:0/0')),
    client.heard('a frame', hasSpectrum),
    client.heard('a verdict', (said) => said.type === 'change' && 'verdict' in said.data),
  ]);
  await Promise.all(all);
  assert.equal(await first.metric('netwatch_watched_servers'), 1, 'two watchers, one stream of frames');

  assert.equal(await first.rack.close(), 0);
  const second = await startRack(context, datacenter.reportPort, first.udpPort);
  await two.heard('a frame of the new rack', hasSpectrum, two.messages.length);

  one.say('unsubscribe', 'server:0/0');
  await two.heard('frames for the other', isFrame, two.messages.length);
  two.socket.close();
  await waitUntil(
    'the rack knows that nobody watches',
    async () => (await second.metric('netwatch_watched_servers')) === 0,
  );
  const answer = await waitUntil('the rack answers in time', async () => {
    const asked = await get('/api/v1/racks/0/servers/0/window');
    return asked.ok && asked;
  });
  assert.match(JSON.stringify(await answer.json()), /"slots":"[rlw]{64,}"/);
  assert.equal((await get('/api/v1/racks/0/servers/7/window')).status, 404);
});

test('a rack that does not answer, and a server that was hardly heard', async (context) => {
  const { datacenter, get } = await runDatacenter(context);
  const rack = await connectClient(context, datacenter.reportPort);
  rack.send(reportOf(1, { servers: serversOf(1, 2) }));
  await rack.answer();
  const asked = get('/api/v1/racks/1/servers/0/spectrum');
  const request = parseWatchRequest(JSON.stringify(await rack.answer()));
  assert.deepEqual([request?.rack_id, request?.server_ids], [1, [0]]);
  assert.equal((await asked).status, 504);
  assert.deepEqual(parseWatchRequest(JSON.stringify(await rack.answer()))?.server_ids, []);
  const again = get('/api/v1/racks/1/servers/1/spectrum');
  await rack.answer();
  rack.socket.write(`${encodeFrame(frameOf(1, 1, { spectrum: null }))}\n`);
  assert.equal((await again).status, 503);
});

test('a client that does not read is left behind, others are served, and it is brought up when it reads', async (context) => {
  const { datacenter, metric } = await runDatacenter(context);
  const rack = await connectClient(context, datacenter.reportPort);
  rack.send(reportOf(1, { servers: serversOf(1, 1) }));
  await rack.answer();
  const [slow, quick] = [
    await connectSocket(context, datacenter.apiPort),
    await connectSocket(context, datacenter.apiPort),
  ];
  for (const client of [slow, quick]) client.say('subscribe', 'server:1/0');
  await Promise.all([slow, quick].map((client) => client.heard('a snapshot', is('snapshot', 'server:1/0'))));
  slow.socket.pause();
  const line = encodeFrame(largeFrameOf(1, 0));
  const dropped = async () => (await metric('netwatch_socket_messages_dropped_total')) ?? 0;
  let sent = 0;
  await waitUntil('frames are left out', async () => {
    // One at a time, so that it is never too slow who reads.
    rack.socket.write(`${line}\n`);
    sent++;
    await quick.heard('as many frames', () => quick.messages.filter(isFrame).length >= sent);
    return (await dropped()) > 20;
  });
  slow.socket.resume();
  const notice = await slow.heard('that it was slow', (said) => said.type === 'slow');
  assert.ok(notice.type === 'slow' && notice.dropped > 20);
  await slow.heard('a fresh snapshot', is('snapshot', 'server:1/0'), slow.messages.indexOf(notice));
  assert.equal(
    quick.messages.some((said) => said.type === 'slow'),
    false,
  );
});

describe('who may not come in', () => {
  test('with --api-token-file, who does not show the token, as a header or as a subprotocol', async (context) => {
    const { datacenter, ask } = await runApiDatacenter(context);
    const port = datacenter.apiPort;
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const protocols = (token: string) => [
      SOCKET_PROTOCOL,
      `${BEARER_PROTOCOL_PREFIX}${Buffer.from(token).toString('base64url')}`,
    ];
    for (const refused of [{}, { headers: bearer(`${API_TOKEN}x`) }, { protocols: protocols(`${API_TOKEN}x`) }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      assert.equal(await refusedWith(port, refused), 401);
    }
    const metrics = parseExposition(await (await ask('GET', '/metrics')).text());
    assert.equal(metrics.value('netwatch_socket_clients_rejected_total', { reason: 'bad-token' }), 3);
    for (const shown of [
      { headers: bearer(API_TOKEN) },
      { protocols: protocols(API_TOKEN) },
      { protocols: protocols(CONTROL_TOKEN) },
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const client = await connectSocket(context, port, shown);
      assert.equal(client.socket.protocol, SOCKET_PROTOCOL, 'the token is not said back');
      client.say('subscribe', 'health');
      // oxlint-disable-next-line no-await-in-loop
      await client.heard('a snapshot', is('snapshot', 'health'));
    }
  });

  test('a page of another site, a wrong protocol, another path', async (context) => {
    const { datacenter, metricIs } = await runDatacenter(context, { allowOrigin: ['http://desk.example'] });
    const port = datacenter.apiPort;
    assert.equal(await refusedWith(port, { origin: 'http://evil.example' }), 403);
    assert.equal(await refusedWith(port, { origin: 'null' }), 403);
    assert.equal(await refusedWith(port, { protocols: ['netwatch.v9'] }), 400);
    assert.equal(await refusedWith(port, { path: '/api/v1/health' }), 404);
    // Without a key it is no handshake.
    const headers = { connection: 'upgrade', upgrade: 'websocket' };
    const [answer] = (await once(httpRequest({ port, path: '/ws', headers }).end(), 'response')) as [IncomingMessage];
    assert.equal(answer.resume().statusCode, 400);
    await metricIs('netwatch_socket_clients_rejected_total{reason="bad-origin"}', 2);
    await metricIs('netwatch_socket_clients_rejected_total{reason="bad-request"}', 3);
    await metricIs('netwatch_socket_clients', 0);
  });

  test('who asks for no socket is told that this path is one', async (context) => {
    const { get } = await runDatacenter(context);
    const answer = await get('/ws');
    assert.deepEqual([answer.status, answer.headers.get('upgrade')], [426, 'websocket']);
    assert.match(await answer.text(), /This path takes WebSocket connections only/);
  });

  test('who sends too much at once is cut; garbage is a problem, no more', async (context) => {
    const { datacenter, metricIs } = await runDatacenter(context);
    const client = await connectSocket(context, datacenter.apiPort);
    client.socket.send('garbage');
    client.socket.send(Buffer.from([0, 1, 2]));
    client.say('subscribe', 'racks');
    await waitUntil('three problems', () => client.messages.filter(({ type }) => type === 'problem').length === 3);
    client.socket.send('x'.repeat(4097));
    assert.equal(await client.closed, 1009);
    await metricIs('netwatch_socket_clients_rejected_total{reason="bad-message"}', 1);
  });
});

test('a datacenter that stops says good-bye, also to a client that does not read', async (context) => {
  const { datacenter } = await runDatacenter(context);
  const [client, deaf] = [
    await connectSocket(context, datacenter.apiPort),
    await connectSocket(context, datacenter.apiPort),
  ];
  deaf.socket.pause();
  await datacenter.close();
  assert.equal(await client.closed, 1001);
});
