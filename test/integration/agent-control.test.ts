import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { NetemQueue } from '../../src/netem/netem-queue.ts';
import { createSeededRandom, mixSeed } from '../../src/netem/seeded-random.ts';
import { parseAgentInjections } from '../../src/wire/agent-injections.ts';
import { delayOf, impairmentOf, injectionOf, lossOf } from '../support/injections.ts';
import { CONTROL_TOKEN, type RequestOptions, startControlled } from '../support/controlled-agent.ts';
import { parseExposition } from '../support/exposition.ts';
import { waitUntil } from '../support/wait-until.ts';

/** As many as an injection may have. */
const PHASES = Array.from({ length: 4096 }, () => ({ seconds: 1, impairment: null }));

async function detailOf(response: Response): Promise<string> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  return ((await response.json()) as { detail: string }).detail;
}

async function heldOf(response: Response) {
  assert.equal(response.status, 200, await response.clone().text());
  const held = parseAgentInjections(await response.json());
  assert.ok(held !== null);
  return held;
}

test('without the token nothing is told and nothing is done, whatever is asked', async (context) => {
  const { request } = await startControlled(context);
  const body = JSON.stringify(injectionOf());
  const asked: [string, string, RequestOptions][] = [
    ['GET', '/v1/injections', {}],
    ['PUT', `/v1/injections/${injectionOf().id}`, { body }],
    ['DELETE', '/v1/injections', {}],
    ['DELETE', `/v1/injections/${injectionOf().id}`, {}],
  ];
  for (const [method, path, options] of asked) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [none, wrong] = await Promise.all([
      request(method, path, { ...options, token: null }),
      request(method, path, { ...options, token: `${CONTROL_TOKEN}f` }),
    ]);
    assert.deepEqual([none.status, wrong.status], [401, 401], method);
    assert.equal(none.headers.get('www-authenticate'), 'Bearer');
    // oxlint-disable-next-line no-await-in-loop
    assert.match(await detailOf(none), /^No token was shown: /);
    // oxlint-disable-next-line no-await-in-loop
    assert.match(await detailOf(wrong), /^The token is not the one of --control-token-file/);
  }
  assert.deepEqual((await heldOf(await request('GET', '/v1/injections'))).injections, []);
});

test('what cannot be done is refused in a sentence that names the field', async (context) => {
  const { request, put, rackPort } = await startControlled(context);
  const { id } = injectionOf();
  const path = `/v1/injections/${id}`;
  const broken = (changes: object): string => JSON.stringify({ ...injectionOf(), ...changes });
  const tries: [number, string, RequestOptions, RegExp][] = [
    [400, path, { body: '{' }, /^The body is not JSON/],
    [400, path, { body: '7' }, /^injection: .*Object/],
    [400, path, { body: '{}' }, /^id: /],
    [400, path, { body: broken({ phases: [] }) }, /^phases: /],
    [
      400,
      path,
      { body: broken({ phases: [{ seconds: 1, impairment: lossOf(1.5) }] }) },
      /^phases\.0\.impairment\.loss\.ratio: .*1\.5/,
    ],
    [400, path, { body: broken({ phases: [{ seconds: 0, impairment: null }] }) }, /^phases\.0\.seconds: /],
    [400, path, { body: broken({ phases: PHASES.concat(PHASES.slice(0, 1)) }) }, /^phases: .*4096/],
    [400, path, { body: broken({ durationSeconds: -1 }) }, /^durationSeconds: /],
    [400, path, { body: broken({ durationSeconds: 1e12 }) }, /^durationSeconds: /],
    [400, path, { body: broken({ seed: 2 ** 32 }) }, /^seed: /],
    [400, path, { body: broken({ sparePorts: [0] }) }, /^sparePorts\.0: /],
    [400, path, { body: broken({ surprise: 1 }) }, /^surprise: /],
    [400, path, { body: broken({ id: 'ba9876543210' }) }, /^id: the body has ba9876543210 and the path 0123456789ab/],
    [400, path, { body: broken({ direction: 'ingress' }) }, /^direction: got ingress.*allowed is egress/],
    [400, path, { body: broken({ direction: 'both' }) }, /^direction: got both/],
    [
      400,
      path,
      { body: broken({ sparePorts: [80, rackPort] }) },
      new RegExp(`^sparePorts: .* ${rackPort} alone; .* nothing would be impaired`),
    ],
    [400, `${path}?servers=x`, { body: broken({}) }, /^servers: allowed is a list of server ids/],
    [404, `${path}?servers=0-2`, { body: broken({}) }, /^servers: this agent, of rack 3, has no server 2/],
    [415, path, { body: broken({}), mediaType: 'text/plain' }, /application\/json/],
    [413, path, { body: broken({ surprise: 'x'.repeat(2 ** 20) }) }, /longer/],
  ];
  for (const [status, place, options, detail] of tries) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const response = await request('PUT', place, options);
    assert.equal(response.status, status, String(detail));
    // oxlint-disable-next-line no-await-in-loop
    assert.match(await detailOf(response), detail);
  }
  assert.equal((await request('POST', path, { body: broken({}) })).status, 405);
  assert.deepEqual((await heldOf(await request('GET', '/v1/injections'))).injections, []);
  const spared = injectionOf({ sparePorts: [rackPort === 80 ? 81 : 80, 9990] });
  assert.equal((await put(spared)).status, 200, 'another port may be spared: nothing is sent there anyway');
});

test('the phases of all injections together are bounded', async (context) => {
  const { put } = await startControlled(context, { serverIds: [0, 1, 2, 3, 4] });
  const statuses = [];
  for (const serverId of [0, 1, 2, 3, 4]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    statuses.push((await put(injectionOf({ id: `00000000000${serverId}`, phases: PHASES }), String(serverId))).status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 409]);
});

test('control is on loopback only, and there is none without a port', async (context) => {
  const { agent } = await startControlled(context, { metricsHost: '0.0.0.0' });
  const outside = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal),
  );
  for (const { address } of outside) {
    // oxlint-disable-next-line no-await-in-loop -- as many as the machine has
    await assert.rejects(fetch(`http://${address}:${agent.controlPort}/v1/injections`), TypeError);
  }
  const closed = await startControlled(context, { controlPort: null });
  assert.equal(closed.agent.controlPort, null);
  const there = await fetch(`http://127.0.0.1:${closed.agent.metricsPort}/v1/injections`);
  assert.equal(there.status, 404, 'nor on the port of its metrics');
});

test('a token file that is no such is named, and the agent does not start', async (context) => {
  await assert.rejects(startControlled(context, { controlTokenFile: '/nonexistent/token' }), {
    message: /^the token file \/nonexistent\/token cannot be used/,
  });
});

test('with a seed the very same samples are lost twice, those that the emulation says', async (context) => {
  const controlled = await startControlled(context);
  const { heard, put, request } = controlled;
  const seed = 4711;
  const runs: number[][] = [];
  for (const id of ['00000000000a', '00000000000b']) {
    // oxlint-disable-next-line no-await-in-loop -- one run after the other
    runs.push(await lostInRun(id));
  }
  const [first = [], second = []] = runs;
  assert.ok(first.length >= 40, `${first.length} samples were lost`);
  assert.deepEqual(second.slice(0, 40), first.slice(0, 40));
  const queue = new NetemQueue({ random: createSeededRandom(mixSeed(seed, 3, 0)) });
  queue.change(lossOf(0.2));
  const expected = [...Array(1000).keys()].filter(() => {
    queue.enqueue(Buffer.from('x'), 0);
    return queue.dequeue(0) === null;
  });
  // The first one that is lost tells where the injection began.
  const [start = 0] = expected;
  assert.deepEqual(
    first.slice(0, 40),
    expected.slice(0, 40).map((n) => n - start),
  );

  /** Sequence numbers of what is lost, from the first such one. */
  async function lostInRun(id: string): Promise<number[]> {
    const from = await waitUntil('the agent is heard', () => heard(0).at(-1)?.sample.sequence);
    await heldOf(await put(injectionOf({ id, seed, durationSeconds: null })));
    const missing = (): number[] => {
      const seen = new Set(heard(0).map(({ sample }) => sample.sequence));
      const [low, high] = [from + 1, heard(0).at(-1)?.sample.sequence ?? from];
      return Array.from({ length: Math.max(0, high - low) }, (_, n) => low + n).filter((n) => !seen.has(n));
    };
    await waitUntil('40 samples are lost', () => missing().length >= 40);
    await request('DELETE', '/v1/injections');
    const lost = missing();
    return lost.map((sequence) => sequence - (lost[0] ?? 0));
  }
});

test('a delay is at least what was asked for, for the server that is meant, and ends with the clear', async (context) => {
  const { agent, heard, put, request } = await startControlled(context);
  await waitUntil('both are heard', () => heard(0).length > 5 && heard(1).length > 5);
  const delays = (serverId: number, from: number): number[] =>
    heard(serverId)
      .filter(({ sample }) => sample.sequence > from)
      .map(({ sample, arrivedSeconds }) => arrivedSeconds - sample.sentSeconds);
  const injection = injectionOf({ phases: [{ seconds: 60, impairment: delayOf(0.3) }] });
  const held = await heldOf(await put(injection, '1'));
  const began = heard(1).at(-1)?.sample.sequence ?? 0;
  assert.deepEqual(
    held.injections.map(({ server_ids, until, began_at }) => [server_ids, Math.round((until ?? 0) - began_at)]),
    [[[1], 60]],
  );
  // The sample that was under way when the answer came may have passed before.
  await waitUntil('50 delayed samples came', () => delays(1, began + 1).length >= 50);
  const least = Math.min(...delays(1, began + 1));
  assert.ok(least >= 0.3, `a sample was delayed by ${least} s only`);
  assert.ok(Math.min(...delays(0, 0)) < 0.3, 'the other server is as it was');

  const text = await (await fetch(`http://127.0.0.1:${agent.metricsPort}/metrics`)).text();
  assert.equal(parseExposition(text).sum('netwatch_agent_chaos_active', { server_id: 1 }), 1);
  assert.equal(parseExposition(text).sum('netwatch_agent_chaos_active', { server_id: 0 }), 0);

  const cleared = await request('DELETE', `/v1/injections/${injection.id}?servers=0-1`);
  assert.deepEqual(await cleared.json(), { cleared_server_ids: [1] });
  await waitUntil('a sample comes at once again', () => delays(1, began).some((delay) => delay < 0.1));
  const sequences = heard(1).map(({ sample }) => sample.sequence);
  await waitUntil('what waited has come, none is lost', () => {
    const all = heard(1).map(({ sample }) => sample.sequence);
    return new Set(all).size === Math.max(...all) + 1 && all.length >= sequences.length;
  });
});

test('the deadline ends it, though whoever asked for it is long gone', async (context) => {
  const { heard, put, request } = await startControlled(context);
  await waitUntil('it is heard', () => heard(0).length > 0);
  const injection = injectionOf({ phases: [{ seconds: 1, impairment: lossOf(1) }], durationSeconds: 1.5 });
  const held = await heldOf(await put(injection));
  const [{ began_at: began, until } = { began_at: 0, until: 0 }] = held.injections;
  const last = heard(0).at(-1)?.sample.sentSeconds ?? 0;
  const next = await waitUntil('it is heard again', () => heard(0).find(({ sample }) => sample.sentSeconds > last + 1));
  assert.equal(until, began + 1.5);
  assert.ok(next.sample.sentSeconds >= until, `${next.sample.sentSeconds - until} s after the end`);
  assert.deepEqual((await heldOf(await request('GET', '/v1/injections'))).injections, []);
});

test('what is corrupted does not reach the rack, save a little that is as it was', async (context) => {
  const { agent, garbled, heard, put } = await startControlled(context);
  await heldOf(await put(injectionOf({ phases: [{ seconds: 60, impairment: impairmentOf({ corruptRatio: 1 }) }] })));
  const before = heard(0).length + heard(1).length;
  const corrupted = await waitUntil('200 are corrupted', async () => {
    const text = await (await fetch(`http://127.0.0.1:${agent.metricsPort}/metrics`)).text();
    const count = parseExposition(text).sum('netwatch_agent_chaos_packets_total', { action: 'corrupted' });
    return count >= 200 ? count : null;
  });
  const came = heard(0).length + heard(1).length - before;
  // 6 bytes of 74 are checked by nobody. What had left before may come after.
  assert.ok(came > 0 && came < corrupted / 2, `${came} of ${corrupted} came`);
  assert.equal(garbled(), 0);
});
