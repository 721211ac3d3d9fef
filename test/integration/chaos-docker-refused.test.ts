import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import { applyToAll, startDockerTarget } from '../support/docker-target.ts';
import { rateInjection } from '../support/injections.ts';

const { signal } = new AbortController();

test("a network that is not the container's own is refused, and named; the others are broken", async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0, { networkMode: 'host' });
  const owner = double.addServer(0, 1);
  double.addServer(0, 2, { networkMode: `container:${owner.id}` });
  double.addServer(0, 3, { networkMode: 'none' });
  double.addServer(0, 4);
  const [host, shared, sharing, none, fine] = await applyToAll(target);
  assert.match(host ?? '', /^it uses the host's own network, which chaos would break for the whole machine: /);
  assert.match(shared ?? '', /^the server server-0-2 shares its network, and chaos would break both: /);
  assert.match(sharing ?? '', /^it shares the network of the container server-0-1, which chaos would break too: /);
  assert.match(none ?? '', /^it has no network at all: /);
  assert.equal(fine, null);
  assert.equal(double.helpers.length, 1);
});

test('whatever container shares the network of a server would be broken too, and is named', async (context) => {
  const { double, target } = await startDockerTarget(context);
  const owner = double.addServer(0, 0, { labels: { 'com.docker.compose.project': 'a' } });
  const guest = double.add('debugger', { networkMode: `container:${owner.id}` });
  const ofProject = createDockerTarget({ dockerHost: double.host, helperImage: 'netwatch-chaos', composeProject: 'a' });
  const refusal =
    'the container debugger shares its network, and chaos would break both: give each a network of its own';
  assert.deepEqual(await applyToAll(target), [refusal]);
  assert.deepEqual(await applyToAll(ofProject), [refusal], 'the other is of no compose project');
  const [planned] = target.plan(rateInjection(), await target.list(signal));
  assert.deepEqual(planned?.commands, [`# the container server-0-0 is refused: ${refusal}`]);
  assert.deepEqual(double.helpers, []);
  guest.status = 'exited';
  assert.deepEqual(await applyToAll(target), [null]);
  assert.deepEqual(await applyToAll(target, { id: '543210fedcba' }), [null], 'a helper of ours is no guest');
});

test('of two injectors at a time, one is let in', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  double.failures.push({
    request: /create/,
    status: 409,
    message: 'Conflict. The name "/x" is already in use by container y',
  });
  const advice = 'see netwatch chaos status, and inject again when it is over';
  assert.deepEqual(await applyToAll(target), [`another injector is at work on it at this moment: ${advice}`]);
});

test('a helper that another injector removes before it starts', async (context) => {
  const { double, target } = await startDockerTarget(context);
  double.addServer(0, 0);
  const helperId = double.idOf('netwatch-chaos-server-0-0');
  const advice = 'see netwatch chaos status, and inject again when it is over';
  const message = `another injector is at work on it at this moment: ${advice}`;
  for (const refusal of [
    { request: /attach/, status: 404, message: `No such container: ${helperId}` },
    { request: /\/start/, status: 409, message: 'container is marked for removal and cannot be started' },
  ]) {
    double.failures.splice(0, double.failures.length, refusal);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    assert.deepEqual(await applyToAll(target), [message]);
  }
  double.failures.length = 0;
  double.onStart = () => ({ lines: [], exitCode: 0 });
  assert.deepEqual(await applyToAll(target), [message], 'it was told to end before it said anything');
  double.failures.push({ request: /\/start/, status: 404, message: `No such container: ${double.idOf('server-0-0')}` });
  assert.deepEqual(await applyToAll(target), ['the container stopped in between: start it, and inject again']);
});
