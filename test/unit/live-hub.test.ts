import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_TOPICS } from '../../src/datacenter/live/hub.ts';
import { give, reportOf, serversOf } from '../support/datacenter-reports.ts';
import { openHub } from '../support/live-hub.ts';
import { frameOf } from '../support/stream-frames.ts';

const UNKNOWN_KEY = '{"type":"subscribe","topic":"health","since":3}';
const report = (sequence: number, spectral_error = 0) =>
  reportOf(0, { sequence, servers: serversOf(0, 2, { spectral_error }) });

describe('a topic', () => {
  test('begins with a snapshot, and then come changes', () => {
    const { aggregate, join, pass } = openHub();
    give(aggregate, report(1));
    const client = join();
    assert.deepEqual(client.port.take(), ['hello']);
    client.say('subscribe', 'health');
    const [snapshot] = client.port.messages;
    assert.ok(snapshot?.type === 'snapshot' && snapshot.topic === 'health');
    assert.equal(snapshot.data.racks[0]?.servers.length, 2);
    assert.equal(snapshot.data.history[0]?.timestamps.length, 1);
    assert.deepEqual(client.port.take(), ['snapshot health']);
    pass(2);
    assert.deepEqual(client.port.take(), [], 'nothing changed');
    give(aggregate, report(2, 0.5));
    pass(1);
    const [change] = client.port.messages;
    assert.ok(change?.type === 'change' && change.topic === 'health');
    assert.deepEqual(
      change.data.racks.map(({ rack_id, servers }) => [rack_id, servers.length]),
      [[0, 2]],
    );
    assert.equal(client.port.take().length, 1);
  });

  test('of health changes at most four times a second', () => {
    const { aggregate, join, pass } = openHub();
    const client = join();
    client.say('subscribe', 'health');
    client.port.take();
    for (let sequence = 1; sequence <= 40; sequence++) {
      give(aggregate, report(sequence, sequence / 100));
      pass(0.1);
    }
    const count = client.port.take().length;
    assert.ok(count >= 12 && count <= 17, `${count} messages in 4 s`);
  });

  test('of events tells each once', () => {
    const { aggregate, join, pass } = openHub();
    const [early, late] = [join(), join()];
    early.say('subscribe', 'events');
    give(aggregate, reportOf(0, { servers: serversOf(0, 2, { status: 'critical', spectral_error: 0.9 }) }));
    late.say('subscribe', 'events');
    pass(1);
    const ids = (client: typeof early) =>
      client.port.messages.flatMap((said) =>
        'data' in said && 'events' in said.data ? said.data.events.map((event) => JSON.stringify(event)) : [],
      );
    assert.ok(ids(early).length > 0);
    assert.deepEqual(ids(early), ids(late));
    assert.equal(new Set(ids(early)).size, ids(early).length);
    assert.deepEqual(early.port.take(), ['hello', 'snapshot events', 'change events']);
    assert.deepEqual(late.port.take(), ['hello', 'snapshot events']);
  });

  test('of events begins anew when more happened at once than a message holds', () => {
    const { aggregate, join, pass } = openHub();
    const client = join();
    client.say('subscribe', 'events');
    client.port.take();
    for (const [sequence, status] of (['critical', 'healthy'] as const).entries()) {
      give(aggregate, reportOf(0, { sequence: sequence + 1, servers: serversOf(0, 750, { status }) }));
    }
    pass(0.1);
    const [said] = client.port.messages;
    assert.ok(said?.type === 'snapshot' && said.topic === 'events' && said.data.events.length === 1000);
    assert.deepEqual(client.port.take(), ['snapshot events']);
  });

  test('of a server brings its verdicts, and frames at once, while somebody watches', () => {
    const { aggregate, watches, asked, join, pass } = openHub();
    give(aggregate, report(1));
    const [first, second] = [join(), join()];
    for (const client of [first, second]) client.say('subscribe', 'server:0/1');
    assert.equal(asked.length, 1, 'two watchers, one stream');
    assert.equal(watches.take(frameOf(0, 1)), 'taken');
    give(aggregate, report(2, 0.3));
    pass(0.1);
    for (const client of [first, second]) {
      const changes = client.port.messages
        .filter((said) => said.type === 'change')
        .map(({ data }) => Object.keys(data));
      assert.deepEqual(changes, [['frame'], ['verdict', 'timestamp']]);
    }
    first.say('unsubscribe', 'server:0/1');
    assert.equal(watches.take(frameOf(0, 1)), 'taken');
    second.onClose();
    assert.equal(watches.take(frameOf(0, 1)), 'late');
  });

  test('of a server that nobody has is a problem; it begins by itself when the server appears', () => {
    const { aggregate, watches, asked, join, pass } = openHub();
    give(aggregate, report(1));
    const client = join();
    client.say('subscribe', 'server:0/2');
    client.say('subscribe', 'server:99/0');
    const details = client.port.messages.flatMap((said) => (said.type === 'problem' ? [said.detail] : []));
    assert.match(
      details[0] ?? '',
      /^There is no server 2 in rack 0\. There are servers 0, 1\. It is shown here by itself/,
    );
    assert.match(details[1] ?? '', /^There is no rack 99\. There are racks/);
    assert.deepEqual(asked, [], 'no rack is asked for frames of nothing');
    assert.equal(watches.take(frameOf(0, 2)), 'unwatched');
    give(aggregate, report(2, 0.3));
    client.port.take();
    pass(0.1);
    assert.deepEqual(client.port.take(), [], 'still nobody has it');
    give(aggregate, reportOf(0, { sequence: 3, servers: serversOf(0, 3) }));
    pass(0.1);
    assert.equal(watches.take(frameOf(0, 2)), 'taken');
    assert.deepEqual(client.port.take(), ['snapshot server:0/2', 'change server:0/2']);
    give(aggregate, report(4));
    pass(0.1);
    assert.equal(watches.take(frameOf(0, 2)), 'late', 'gone again');
    assert.deepEqual(client.port.take(), []);
  });

  test('that is none, a message that is none, and one topic too many are problems, no more', () => {
    const { aggregate, join } = openHub();
    give(aggregate, reportOf(0, { servers: serversOf(0, MAX_TOPICS + 1) }));
    const client = join();
    client.port.take();
    for (const text of [
      '',
      'null',
      '[]',
      '{"type":"subscribe"}',
      '{"type":"delete","topic":"health"}',
      UNKNOWN_KEY,
      '\u0000',
    ]) {
      client.onMessage(text);
    }
    for (const topic of ['server:1', 'server:70000/1', 'server:01/1', 'racks', 'x'.repeat(4000)]) {
      client.say('subscribe', topic);
    }
    assert.equal(client.port.messages.filter(({ type }) => type === 'problem').length, 12);
    assert.ok(JSON.stringify(client.port.messages).length < 4000, 'what was said is not said back in full');
    client.port.take();
    for (let id = 0; id <= MAX_TOPICS; id++) client.say('subscribe', `server:0/${id}`);
    const said = client.port.take();
    assert.equal(said.filter((text) => text.startsWith('snapshot')).length, MAX_TOPICS);
    assert.deepEqual(said.at(-1), `problem server:0/${MAX_TOPICS}`);
    client.say('subscribe', 'server:0/3');
    assert.deepEqual(client.port.take(), ['snapshot server:0/3'], 'one that it has may be begun anew');
  });
});

describe('a client that does not read', () => {
  test('is left behind with bounded memory while others are served, and gets a snapshot when it has read', () => {
    const { aggregate, counts, watches, join, pass } = openHub();
    give(aggregate, report(1));
    const [slow, quick] = [join(), join()];
    for (const client of [slow, quick]) {
      client.say('subscribe', 'server:0/1');
      client.say('subscribe', 'health');
      client.port.take();
    }
    slow.port.isReading = false;
    const frame = frameOf(0, 1);
    const bytes = JSON.stringify(frame).length;
    const rounds = Math.ceil((3 * 2 ** 20) / bytes);
    for (let round = 0; round < rounds; round++) watches.take(frame);
    pass(1);
    assert.ok(slow.port.unsentBytes < 2 ** 20 + 2 * bytes, `${slow.port.unsentBytes} bytes`);
    assert.equal(quick.port.take().length, rounds);
    assert.ok(counts.dropped > rounds / 2);
    slow.port.take();
    slow.port.drain();
    pass(0.1);
    const [notice] = slow.port.messages;
    assert.deepEqual(notice, { type: 'slow', dropped: counts.dropped });
    assert.deepEqual(slow.port.take(), ['slow', 'snapshot server:0/1']);
    watches.take(frame);
    assert.deepEqual(slow.port.take(), ['change server:0/1']);
  });

  test('does not make the datacenter hold answers to its pings and messages', () => {
    const { join } = openHub();
    const client = join();
    client.port.unsentBytes = 2 ** 20 + 1;
    client.port.take();
    client.onPing(Buffer.alloc(100));
    client.onMessage('garbage');
    assert.equal(client.port.pongs, 0);
    assert.deepEqual(client.port.take(), []);
  });
});

describe('a client', () => {
  test('is pinged every 15 s and cut when it does not answer for 30 s', () => {
    const { counts, join, pass } = openHub();
    const [alive, dead] = [join(), join()];
    for (let second = 0; second < 60; second++) {
      pass(1);
      if (second % 10 === 0) alive.onPong();
      if (second === 29) assert.equal(dead.port.isDestroyed, false);
    }
    assert.equal(dead.port.isDestroyed, true);
    assert.equal(alive.port.isDestroyed, false);
    assert.ok(alive.port.pings >= 3 && alive.port.pings <= 4);
    assert.equal(counts.rejected('no-pong'), 1);
    assert.equal(counts.clients, 1);
  });

  test('that says too much is told to leave', () => {
    const { counts, join, pass } = openHub();
    const client = join();
    for (let count = 0; count < 200; count++) client.onMessage('x');
    assert.equal(client.port.closed, null);
    pass(10.1);
    for (let count = 0; count < 5000; count++) client.onMessage('x');
    assert.equal(client.port.closed, 1008);
    assert.equal(counts.rejected('too-many-messages'), 1);
    assert.equal(counts.clients, 0);
  });

  test('hears that the datacenter goes away', () => {
    const { hub, join } = openHub();
    const client = join();
    hub.close();
    assert.equal(client.port.closed, 1001);
  });
});
