import assert from 'node:assert/strict';
import { test } from 'node:test';
import { injectAll, newInjectionId, undo } from '../../src/chaos/inject.ts';
import { FakeTarget, keyOf, lossInjection, servers } from '../support/fake-chaos-target.ts';

const signal = new AbortController().signal;
const injection = lossInjection();

test('injects on every server', async () => {
  const target = new FakeTarget(servers(1, 3));
  await injectAll({ target, injection, servers: target.servers, signal });
  assert.deepEqual([...target.held.keys()], ['0/0', '0/1', '0/2']);
});

test('when one server fails, nothing stays injected on the others', async () => {
  const target = new FakeTarget(servers(1, 3));
  target.applyProblems.set('0/1', 'its qdisc is htb of somebody else');
  await assert.rejects(injectAll({ target, injection, servers: target.servers, signal }), {
    name: 'ChaosError',
    message: 'nothing was injected:\n  rack 0 server 1 (place 0/1): its qdisc is htb of somebody else',
  });
  assert.equal(target.held.size, 0);
});

test('an error of the whole target is undone too, and told once', async () => {
  const target = new FakeTarget(servers(1, 2));
  target.applyError = new Error('the daemon went away');
  await assert.rejects(injectAll({ target, injection, servers: target.servers, signal }), target.applyError);
  assert.equal(target.held.size, 0);
});

test('when the undo fails as well, both are told', async () => {
  const target = new FakeTarget(servers(1, 2));
  target.applyProblems.set('0/1', 'refused');
  target.clearProblems.set('0/0', 'the device is busy');
  await assert.rejects(injectAll({ target, injection, servers: target.servers, signal }), {
    message:
      'nothing was injected:\n  rack 0 server 1 (place 0/1): refused\n' +
      'NOT UNDONE, the network may still be broken:\n  rack 0 server 0 (place 0/0): the device is busy',
  });
});

test('an undo is of one injection, or of all that is ours', async () => {
  const target = new FakeTarget(servers(1, 2));
  const [first, second] = target.servers;
  assert.ok(first && second);
  target.hold({ id: injection.id, server: first });
  target.hold({ id: 'ffffffffffff', server: second });
  await undo({ target, servers: target.servers, id: injection.id });
  assert.deepEqual([...target.held.keys()], ['0/1']);
  await undo({ target, servers: target.servers, id: null });
  assert.equal(target.held.size, 0);
});

test('a failure on a fleet does not fill the terminal', async () => {
  const target = new FakeTarget(servers(4, 8));
  for (const server of target.servers) target.clearProblems.set(keyOf(server), `busy with ${server.rackId % 2}`);
  await assert.rejects(undo({ target, servers: target.servers, id: null }), {
    message:
      'NOT UNDONE, the network may still be broken:\n' +
      '  rack 0 servers 0-7, rack 2 servers 0-7: busy with 0\n  rack 1 servers 0-7, rack 3 servers 0-7: busy with 1',
  });
  for (const server of target.servers) target.clearProblems.set(keyOf(server), `busy with ${keyOf(server)}`);
  await assert.rejects(undo({ target, servers: target.servers, id: null }), ({ message }: Error) => {
    assert.equal(message.split('\n').length, 13);
    assert.match(message, /… and 21 more problems$/);
    return true;
  });
});

test('a target that cannot be asked at all leaves all its servers in doubt', async () => {
  const target = new FakeTarget(servers(2, 3));
  target.clear = () => Promise.reject(new Error('no daemon answers'));
  await assert.rejects(undo({ target, servers: target.servers, id: null }), {
    message: 'NOT UNDONE, the network may still be broken on rack 0 servers 0-2, rack 1 servers 0-2: no daemon answers',
  });
});

test('an id is 12 hex digits, another each time', () => {
  const ids = Array.from({ length: 50 }, newInjectionId);
  assert.equal(new Set(ids).size, 50);
  for (const id of ids) assert.match(id, /^[0-9a-f]{12}$/);
});
