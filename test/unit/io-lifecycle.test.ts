import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLifecycle } from '../../src/io/lifecycle.ts';

test('closes in reverse order, once, and waits for each', async () => {
  const lifecycle = createLifecycle();
  const closed: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    lifecycle.defer(name, async () => {
      closed.push(`${name} begins`);
      await Promise.resolve();
      closed.push(`${name} ends`);
    });
  }
  const [one, two] = await Promise.all([lifecycle.close(), lifecycle.close()]);
  assert.deepEqual([one, two], [[], []]);
  assert.deepEqual(
    closed,
    ['third', 'second', 'first'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('a close that fails, at once or later, is told and does not stop the others', async () => {
  const lifecycle = createLifecycle();
  let isClosed = false;
  lifecycle.defer('socket', () => {
    isClosed = true;
  });
  lifecycle.defer('file', () => {
    throw new Error('disk gone');
  });
  lifecycle.defer('worker', () => Promise.reject(new Error('stuck')));
  const failures = await lifecycle.close();
  assert.deepEqual(
    failures.map(({ name, error }) => `${name}: ${error.message}`),
    ['worker: stuck', 'file: disk gone'],
  );
  assert.ok(isClosed);
});

test('a close that hangs is left behind at its deadline', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const lifecycle = createLifecycle({ deadlineMs: 2000 });
  let isClosed = false;
  lifecycle.defer('before', () => {
    isClosed = true;
  });
  lifecycle.defer('hanging', () => new Promise(() => {}), 300);
  const closing = lifecycle.close();
  await new Promise((resolve) => void setImmediate(resolve));
  context.mock.timers.tick(299);
  await new Promise((resolve) => void setImmediate(resolve));
  assert.ok(!isClosed);
  context.mock.timers.tick(1);
  const failures = await closing;
  assert.ok(isClosed);
  assert.deepEqual(
    failures.map(({ error }) => error.message),
    ['hanging did not close within 300 ms'],
  );
});

test('a listener of the signal that asks to close too waits for the same close', async () => {
  const lifecycle = createLifecycle();
  let isClosed = false;
  lifecycle.defer('thing', async () => {
    await Promise.resolve();
    isClosed = true;
  });
  const seen = new Promise<boolean>((resolve) => {
    lifecycle.signal.addEventListener('abort', () => {
      resolve(lifecycle.close().then(() => isClosed));
    });
  });
  await lifecycle.close();
  assert.ok(isClosed);
  assert.ok(await seen);
});

test('a start that fails releases what it had opened and says why', async () => {
  const lifecycle = createLifecycle();
  const closed: string[] = [];
  const start = lifecycle.start(async () => {
    lifecycle.defer('udp', () => void closed.push('udp'));
    lifecycle.defer('tcp', () => void closed.push('tcp'));
    await Promise.resolve();
    throw new Error('port taken');
  });
  await assert.rejects(start, { message: 'port taken' });
  assert.deepEqual(closed, ['tcp', 'udp']);
});

test('what is opened after closing began is closed too, and such a start fails', async () => {
  const lifecycle = createLifecycle();
  const opened = Promise.withResolvers<void>();
  const closed: string[] = [];
  const start = lifecycle.start(async () => {
    lifecycle.defer('early', () => void closed.push('early'));
    await opened.promise;
    lifecycle.defer('late', () => void closed.push('late'));
  });
  const closing = lifecycle.close();
  opened.resolve();
  await assert.rejects(start, { name: 'AbortError' });
  assert.deepEqual(await closing, []);
  assert.deepEqual(closed, ['early', 'late']);
  await assert.rejects(
    lifecycle.start(() => Promise.reject(new Error('must not run'))),
    { name: 'AbortError' },
  );
});

test('a start that succeeds gives its result and stays open', async () => {
  const lifecycle = createLifecycle();
  let isClosed = false;
  const result = await lifecycle.start(() => {
    lifecycle.defer('thing', () => {
      isClosed = true;
    });
    return Promise.resolve(7);
  });
  assert.equal(result, 7);
  assert.ok(!isClosed && !lifecycle.signal.aborted);
});
