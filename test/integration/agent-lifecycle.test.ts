import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startAgent, type Agent } from '../../src/agent/start-agent.ts';
import { agentSpec, type AgentConfig } from '../../src/config/agent.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Sample } from '../../src/core/sample.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import { startHttpServer } from '../../src/io/http.ts';
import { decodeDatagram } from '../../src/wire/decode.ts';
import { parseExposition } from '../support/exposition.ts';
import { lastingPort } from '../support/lasting-port.ts';
import { waitUntil } from '../support/wait-until.ts';

const DEADLINE_MS = 30_000;
const SECRET = 'a secret that must not be shown';
const defaults = loadConfig(agentSpec, { flags: {}, env: {}, file: undefined });

async function start(context: TestContext, config: Partial<AgentConfig>): Promise<Agent> {
  const agent = await startAgent({
    config: { ...defaults, metricsPort: 0, sampleRateHz: 50, ...config },
    clock: createWallClock(),
    log: createLog({ role: 'agent', level: 'silent' }),
    version: '1.2.3',
    random: () => 0.5,
  });
  context.after(() => agent.close());
  return agent;
}

async function bind(port = 0): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function shut(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

/** The next sample that comes. */
async function nextSample(socket: Socket): Promise<Sample> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one datagram after the other
    const [bytes] = (await once(socket, 'message', { signal })) as [Buffer];
    const decoded = decodeDatagram(bytes, { key: null });
    assert.ok(decoded.kind !== 'rejected');
    if (decoded.kind === 'sample') return decoded.sample;
  }
}

function get({ metricsPort }: Agent, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${metricsPort}${path}`);
}

/** Sum of all series of a metric. */
async function total(agent: Agent, name: string): Promise<number> {
  return parseExposition(await (await get(agent, '/metrics')).text()).sum(name);
}

test('a rack that comes late, goes away and returns is heard each time, in one sequence; errors are counted', async (context) => {
  const port = lastingPort();
  const agent = await start(context, { rackControllerPort: port });
  const errors = () => total(agent, 'netwatch_agent_send_errors_total');
  await waitUntil('errors are counted while nobody listens', async () => (await errors()) > 0);

  const early = await bind(port);
  const first = await nextSample(early);
  assert.ok(first.sequence > 0, 'what was sent to nobody kept its numbers');
  await shut(early);

  const before = await errors();
  await waitUntil('errors are counted after the rack went away', async () => (await errors()) > before);

  const late = await bind(port);
  context.after(() => late.close());
  const second = await nextSample(late);
  assert.ok(second.sequence > first.sequence);
  assert.equal(second.bootId, first.bootId, 'a restart of the rack is none of the agent');
  const slots = Math.round((second.sentSeconds - first.sentSeconds) * 50);
  assert.ok(Math.abs(slots - (second.sequence - first.sequence)) <= 2, 'the schedule went on meanwhile');
});

test('a rack whose name is not known: healthy, not ready, nothing sent, errors counted, and it keeps trying', async (context) => {
  const agent = await start(context, { rackControllerHost: 'rack.invalid' });
  assert.equal((await get(agent, '/healthz')).status, 200);
  assert.equal((await get(agent, '/readyz')).status, 503);
  await waitUntil('it has tried twice', async () => (await total(agent, 'netwatch_agent_send_errors_total')) >= 2);
  assert.equal((await get(agent, '/healthz')).status, 200);
  assert.equal((await get(agent, '/readyz')).status, 503);
  assert.equal(await total(agent, 'netwatch_agent_samples_sent_total'), 0);
  await agent.close();
});

test('once it sings it is ready, and /metrics has the agent and its process', async (context) => {
  const rack = await bind();
  context.after(() => rack.close());
  const agent = await start(context, { rackId: 2, serverIds: [5, 6], rackControllerPort: rack.address().port });
  await nextSample(rack);
  assert.equal((await get(agent, '/readyz')).status, 200);
  const response = await get(agent, '/metrics');
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.match(text, /^netwatch_agent_samples_sent_total\{rack_id="2",server_id="5"\} [1-9]/m);
  assert.match(text, /^netwatch_agent_samples_sent_total\{rack_id="2",server_id="6"\} [1-9]/m);
  assert.match(text, /^netwatch_agent_schedule_lag_seconds_count [1-9]/m);
  assert.match(text, /^netwatch_agent_send_errors_total\{code="ECONNREFUSED"\} 0$/m);
  assert.match(text, /^netwatch_build_info\{version="1\.2\.3",role="agent"\} 1$/m);
  assert.match(text, /^process_cpu_seconds_total /m);
});

test('a close ends all, once and again', async (context) => {
  const rack = await bind();
  context.after(() => rack.close());
  const agent = await start(context, { rackControllerPort: rack.address().port });
  await nextSample(rack);
  await Promise.all([agent.close(), agent.close()]);
  await agent.close();
  await assert.rejects(get(agent, '/healthz'));
});

test('a taken port for /metrics is named, and the start leaves nothing open', async (context) => {
  const other = await startHttpServer({ host: '127.0.0.1', port: 0, purpose: 'the test', routes: {} });
  context.after(() => other.close());
  const { port } = other.address;
  await assert.rejects(start(context, { metricsPort: port }), { code: 'EADDRINUSE', message: new RegExp(`:${port} `) });
});

test('a key file that is missing or holds no key is named, and its contents are not shown', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'netwatch-agent-'));
  context.after(() => rm(folder, { recursive: true }));
  const missing = join(folder, 'missing');
  await assert.rejects(start(context, { keyFile: missing }), (error: Error) => error.message.includes(missing));
  const wrong = join(folder, 'wrong');
  await writeFile(wrong, SECRET);
  await assert.rejects(start(context, { keyFile: wrong }), (error: Error) => {
    assert.ok(error.message.includes(wrong), error.message);
    assert.match(error.message, /hexadecimal/);
    assert.ok(!error.message.includes(SECRET));
    return true;
  });
});
