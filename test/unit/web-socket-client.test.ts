import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionState } from '../../src/web/store/connection-state.ts';
import { retryDelaySeconds } from '../../src/web/store/connection-state.ts';
import { SocketClient, type SocketListener } from '../../src/web/store/socket-client.ts';

/** A client with everything around it made by hand. */
function createBench(refusalDetail: string | null = null) {
  const sockets: { listener: SocketListener; sent: string[]; isClosed: boolean }[] = [];
  const states: ConnectionState[] = [];
  const messages: unknown[] = [];
  let timer: { seconds: number; act: () => void } | null = null;
  let nowSeconds = 1000;
  return {
    sockets,
    states,
    messages,
    client: new SocketClient({
      openSocket: (listener) => {
        const socket = { listener, sent: [] as string[], isClosed: false };
        sockets.push(socket);
        return { send: (text) => void socket.sent.push(text), close: () => void (socket.isClosed = true) };
      },
      refusal: () => Promise.resolve(refusalDetail),
      onMessage: (message) => void messages.push(message),
      onState: (state) => void states.push(state),
      now: () => nowSeconds,
      random: () => 0,
      after: (seconds, act) => {
        const mine = { seconds, act };
        timer = mine;
        return () => {
          if (timer === mine) timer = null;
        };
      },
    }),
    /** Lets the time come for which the client waits. */
    pass: () => {
      const due = timer;
      assert.ok(due, 'the client waits for nothing');
      timer = null;
      nowSeconds += due.seconds;
      due.act();
    },
    last: () => {
      const socket = sockets.at(-1);
      assert.ok(socket);
      return socket;
    },
    /** What follows from a promise has happened. */
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

const subscribe = (topic: string) => JSON.stringify({ type: 'subscribe', topic });
const unsubscribe = (topic: string) => JSON.stringify({ type: 'unsubscribe', topic });

test('what is wanted is subscribed to when the socket opens, and again on the next one', async () => {
  const { client, last, sockets, pass, settled, states } = createBench();
  client.subscribe('health');
  client.connect();
  assert.deepEqual(last().sent, [], 'nothing is sent before it is open');
  last().listener.onOpen();
  client.subscribe('server:2/5');
  assert.deepEqual(last().sent, [subscribe('health'), subscribe('server:2/5')]);
  last().listener.onClose();
  await settled();
  assert.deepEqual(states.at(-1), { kind: 'lost', sinceSeconds: 1000, retryAtSeconds: 1000.25 });
  pass();
  assert.equal(sockets.length, 2);
  last().listener.onOpen();
  assert.deepEqual(last().sent, [subscribe('health'), subscribe('server:2/5')]);
  assert.equal(states.at(-1)?.kind, 'live');
});

test('a topic is given up when the last who wanted it lets go, each once', () => {
  const { client, last } = createBench();
  client.connect();
  last().listener.onOpen();
  const first = client.subscribe('server:0/1');
  const second = client.subscribe('server:0/1');
  first();
  first();
  assert.deepEqual(last().sent, [subscribe('server:0/1')]);
  second();
  assert.deepEqual(last().sent, [subscribe('server:0/1'), unsubscribe('server:0/1')]);
});

test('tries are further and further apart, and it is lost since the first', async () => {
  const { client, last, pass, settled, states } = createBench();
  client.connect();
  last().listener.onOpen();
  const waits: number[] = [];
  for (let failures = 1; failures <= 7; failures++) {
    last().listener.onClose();
    // oxlint-disable-next-line no-await-in-loop -- Each failure follows the one before.
    await settled();
    const state = states.at(-1);
    assert.ok(state?.kind === 'lost');
    assert.equal(state.sinceSeconds, 1000);
    const before = state.retryAtSeconds;
    waits.push(before);
    pass();
  }
  const steps = waits.map((at, index) => at - (waits[index - 1] ?? 1000));
  assert.deepEqual(steps, [0.25, 0.5, 1, 2, 4, 7.5, 7.5]);
});

test('who does not wait for the end of a countdown sees that it is tried', async () => {
  const { client, last, sockets, settled, states } = createBench();
  client.connect();
  last().listener.onClose();
  await settled();
  assert.deepEqual(states, [{ kind: 'lost', sinceSeconds: 1000, retryAtSeconds: 1000.25 }]);
  client.connect();
  assert.equal(sockets.length, 2);
  assert.deepEqual(states.at(-1), { kind: 'lost', sinceSeconds: 1000, retryAtSeconds: 1000 });
});

test('half of a wait is random, and none is longer than 15 s', () => {
  assert.equal(retryDelaySeconds(1, 0), 0.25);
  assert.ok(retryDelaySeconds(1, 0.999) < 0.5);
  assert.ok(retryDelaySeconds(1000, 0.999) < 15);
});

test('who is not let in is told why, and may try again', async () => {
  const bench = createBench('A token is needed.');
  bench.client.connect();
  bench.last().listener.onClose();
  await bench.settled();
  assert.deepEqual(bench.states, [{ kind: 'refused', detail: 'A token is needed.' }]);
  bench.client.connect();
  assert.equal(bench.sockets.length, 2);
});

test('a link that says nothing is asked, and given up when it does not answer', async () => {
  const { client, last, pass, settled, states } = createBench();
  client.connect();
  last().listener.onOpen();
  pass();
  assert.deepEqual(last().sent, [unsubscribe('health'), subscribe('health')]);
  const dead = last();
  pass();
  await settled();
  assert.equal(dead.isClosed, true);
  assert.equal(states.at(-1)?.kind, 'lost');
  dead.listener.onMessage('{"type":"hello"}');
  assert.equal(states.at(-1)?.kind, 'lost', 'what it says later is not heard');
});

test('messages are handed on; that some were left out is said', () => {
  const { client, last, messages, states } = createBench();
  client.connect();
  last().listener.onOpen();
  last().listener.onMessage(JSON.stringify({ type: 'slow', dropped: 12 }));
  last().listener.onMessage('17');
  assert.deepEqual(messages, [{ type: 'slow', dropped: 12 }]);
  assert.deepEqual(states.at(-1), { kind: 'live', droppedMessages: 12, droppedAtSeconds: 1000 });
});

test('what is closed while it asks why it was not let in says and tries nothing more', async () => {
  const { client, last, pass, settled, states } = createBench('A token is needed.');
  client.connect();
  last().listener.onClose();
  client.close();
  await settled();
  assert.deepEqual(states, []);
  assert.throws(pass, /waits for nothing/);
});

test('a closed client does not come back', async () => {
  const { client, last, settled, sockets, states } = createBench();
  client.connect();
  last().listener.onOpen();
  client.close();
  last().listener.onClose();
  await settled();
  client.connect();
  assert.equal(sockets.length, 1);
  assert.equal(states.at(-1)?.kind, 'live');
});
