import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ChaosError, type TargetServer } from '../../src/chaos/target.ts';
import { createLabTarget } from '../../src/chaos/targets/lab.ts';
import { startHttpServer } from '../../src/io/http.ts';
import { json, text } from '../../src/io/http-response.ts';
import type { HttpHandler } from '../../src/io/http-router.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import { injectionOf } from '../support/injections.ts';
import { CONTROL_TOKEN, startControlled } from '../support/controlled-agent.ts';
import { lastingPort } from '../support/lasting-port.ts';

const signal = new AbortController().signal;
const SERVERS: readonly TargetServer[] = [0, 1].map((serverId) => ({ rackId: 3, serverId, place: 'somewhere' }));

/** A lab of one agent, of servers 0 and 1 of rack 3. */
function labOf(port: number | null, changes: Partial<LabFile> = {}): LabFile {
  const agents = [{ rack_id: 3, server_ids: [0, 1], control_url: `http://127.0.0.1:${port}`, name: 'agent-3' }];
  return {
    version: 1,
    pid: process.pid,
    api_url: 'http://127.0.0.1:8080',
    isolation: 'none',
    token: CONTROL_TOKEN,
    agents,
    namespaces: [],
    ...changes,
  };
}

/** What listens where an agent should, and answers everything alike. */
async function startDouble(context: TestContext, handler: HttpHandler): Promise<number> {
  const routes = { 'GET /v1/injections': handler, 'PUT /v1/injections/:id': handler, 'DELETE /v1/injections': handler };
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, purpose: 'a test', routes });
  context.after(() => server.close());
  return server.address.port;
}

test('servers are listed by rack and id, with the agent that sings for them', async () => {
  const [first] = labOf(8204).agents;
  assert.ok(first);
  const agents = [first, { rack_id: 0, server_ids: [1, 0], control_url: 'http://127.0.0.1:8201', name: 'agent-0' }];
  assert.deepEqual(await createLabTarget({ labFile: labOf(0, { agents }) }).list(signal), [
    { rackId: 0, serverId: 0, place: 'agent-0, control 127.0.0.1:8201' },
    { rackId: 0, serverId: 1, place: 'agent-0, control 127.0.0.1:8201' },
    { rackId: 3, serverId: 0, place: 'agent-3, control 127.0.0.1:8204' },
    { rackId: 3, serverId: 1, place: 'agent-3, control 127.0.0.1:8204' },
  ]);
});

test('what would be done is the very request, without the token; ingress is refused', () => {
  const target = createLabTarget({ labFile: labOf(8204) });
  const planned = target.plan(injectionOf(), SERVERS);
  assert.deepEqual(
    planned.map(({ server }) => server),
    SERVERS,
  );
  const commands = planned.flatMap((server) => server.commands);
  assert.deepEqual(commands, [
    `curl -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' ` +
      `--data '${JSON.stringify(injectionOf())}' 'http://127.0.0.1:8204/v1/injections/0123456789ab?servers=0-1'`,
    '# with the request to agent-3 above',
  ]);
  assert.ok(!JSON.stringify(planned).includes(CONTROL_TOKEN));
  for (const direction of ['ingress', 'both'] as const) {
    assert.throws(
      () => target.plan(injectionOf({ direction }), SERVERS),
      (error) =>
        error instanceof ChaosError &&
        /only send/.test(error.message) &&
        error.message.includes(`--direction ${direction}`) &&
        /--isolation netns/.test(error.message),
    );
  }
});

test('an agent holds, tells of, and lets go of an injection', async (context) => {
  const { agent } = await startControlled(context);
  const target = createLabTarget({ labFile: labOf(agent.controlPort) });
  const injection = injectionOf();
  const [first, second] = SERVERS;
  assert.ok(first && second);
  const none = { server: second, problem: null };
  assert.deepEqual(await target.apply(injection, [second], signal), [none]);
  const [held, ...others] = await target.status(signal);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [held?.id, held?.server.rackId, held?.server.serverId, held?.description, held?.state, held?.problem],
    [injection.id, 3, 1, 'loss 20 %', 'active', null],
  );
  assert.ok(Math.abs((held?.untilSeconds ?? 0) - Date.now() / 1000 - 60) < 30, String(held?.untilSeconds));
  await target.clear(SERVERS, { id: 'ba9876543210', signal });
  assert.equal((await target.status(signal)).length, 1, 'another id is another injection');
  assert.deepEqual(await target.clear([second], { id: injection.id, signal }), [none]);
  assert.deepEqual(await target.status(signal), []);
  assert.deepEqual(await target.clear([second], { id: null, signal }), [none], 'nothing there is no problem');
  await target.close();
});

test('what an agent refuses is told in its own words', async (context) => {
  const { agent, rackPort } = await startControlled(context);
  const target = createLabTarget({ labFile: labOf(agent.controlPort) });
  const outcomes = await target.apply(injectionOf({ sparePorts: [rackPort] }), SERVERS, signal);
  for (const { problem } of outcomes) {
    assert.match(
      problem ?? '',
      /^agent-3 at .* refuses it with HTTP status 400: sparePorts: .* nothing would be impaired/,
    );
  }
});

test('an agent that does not run takes no injection, and holds none', async () => {
  const target = createLabTarget({ labFile: labOf(lastingPort()) });
  const outcomes = await target.apply(injectionOf(), SERVERS, signal);
  assert.deepEqual(
    outcomes.map(({ server }) => server),
    SERVERS,
  );
  for (const { problem } of outcomes) assert.match(problem ?? '', /^agent-3 does not run .*: wait until/);
  assert.deepEqual(await target.status(signal), []);
  const cleared = await target.clear(SERVERS, { id: null, signal });
  assert.ok(cleared.every(({ problem }) => problem === null));
});

test("another lab's agent, another program, and one that does not answer are told apart", async (context) => {
  const { agent } = await startControlled(context);
  const hanging = await startDouble(context, () => new Promise(() => {}));
  const tries: [number | null, RegExp][] = [
    [agent.controlPort, /does not know the token of this lab: it is of another lab/],
    [await startDouble(context, () => text('hello')), /is not agent-3 of this lab/],
    [await startDouble(context, () => json({ rack_id: 2, injections: [] })), /is not agent-3 of this lab/],
    [hanging, /^agent-3 does not answer at 127\.0\.0\.1:\d+ within 0\.2 s/],
  ];
  for (const [port, message] of tries) {
    const labFile = labOf(port, { token: 'e'.repeat(64) });
    const target = createLabTarget({ labFile, timeoutMs: port === hanging ? 200 : 20_000 });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [outcome] = await target.apply(injectionOf(), SERVERS, signal);
    assert.match(outcome?.problem ?? '', message);
    // oxlint-disable-next-line no-await-in-loop
    await assert.rejects(
      target.status(signal),
      (error) => error instanceof ChaosError && /is not known/.test(error.message),
    );
  }
  const labFile = labOf(await startDouble(context, () => text('hello')));
  const [stranger] = await createLabTarget({ labFile }).clear(SERVERS, { id: null, signal });
  assert.match(stranger?.problem ?? '', /is not agent-3 of this lab/);
  const clearing = await createLabTarget({ labFile: labOf(hanging), timeoutMs: 200 }).clear(SERVERS, {
    id: null,
    signal,
  });
  assert.ok(
    clearing.every(({ problem }) => problem?.includes('does not answer')),
    'nobody knows that it is gone',
  );
});

test('a method ends when its signal is aborted, with the reason', async (context) => {
  const asked = Promise.withResolvers<void>();
  const port = await startDouble(context, () => {
    asked.resolve();
    return new Promise(() => {});
  });
  const controller = new AbortController();
  const applied = createLabTarget({ labFile: labOf(port), timeoutMs: 60_000 }).apply(
    injectionOf(),
    SERVERS,
    controller.signal,
  );
  await asked.promise;
  controller.abort(new Error('Ctrl-C'));
  await assert.rejects(applied, { message: 'Ctrl-C' });
});

test('a server that the lab does not have is refused by name', async () => {
  const target = createLabTarget({ labFile: labOf(8204) });
  await assert.rejects(target.apply(injectionOf(), [{ rackId: 9, serverId: 0, place: '' }], signal), {
    name: 'ChaosError',
    message: /has no agent of rack 9/,
  });
});
