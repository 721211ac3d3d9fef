import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RackLines } from '../../src/datacenter/live/rack-lines.ts';
import { Watches } from '../../src/datacenter/live/watches.ts';
import type { StreamFrame } from '../../src/wire/api/frame.ts';
import { encodeFrame } from '../../src/wire/frame-line.ts';
import { parseWatchRequest } from '../../src/wire/watch-request.ts';
import { aggregateOf, give, reportOf } from '../support/datacenter-reports.ts';
import { frameOf } from '../support/stream-frames.ts';

function open() {
  const time = { seconds: 1000 };
  const said: [rackId: number, serverIds: readonly number[] | undefined][] = [];
  const watches = new Watches({
    nowSeconds: () => time.seconds,
    say: (rackId, line) => said.push([rackId, parseWatchRequest(line)?.server_ids]),
  });
  const pass = (seconds: number) => {
    for (let step = 0; step < seconds * 10; step++) {
      time.seconds += 0.1;
      watches.check();
    }
  };
  return { time, watches, said, pass };
}

const ignore = () => undefined;

describe('watches', () => {
  test('ask a rack at once, again every 3 s, and tell it when nobody watches any more', () => {
    const { watches, said, pass } = open();
    const handle = watches.watch(2, 5, ignore);
    assert.deepEqual(said, [[2, [5]]]);
    pass(6.5);
    assert.equal(said.length, 3);
    handle.release();
    assert.deepEqual(said.at(-1), [2, []]);
    const count = said.length;
    pass(30);
    assert.equal(said.length, count, 'and then it is left in peace');
  });

  test('of two watchers make one stream, which ends with the second', () => {
    const { watches, said } = open();
    const frames: [string, StreamFrame][] = [];
    const first = watches.watch(2, 5, (frame) => frames.push(['first', frame]));
    const second = watches.watch(2, 5, (frame) => frames.push(['second', frame]));
    assert.equal(said.length, 1);
    const frame = frameOf(2, 5);
    assert.equal(watches.take(frame), 'taken');
    assert.deepEqual(frames, [
      ['first', frame],
      ['second', frame],
    ]);
    first.release();
    first.release();
    assert.equal(watches.take(frame), 'taken');
    assert.deepEqual(frames.at(-1), ['second', frame]);
    second.release();
    assert.equal(watches.take(frame), 'late');
  });

  test('that come and go often are told of at most ten times a second, and the last word is right', () => {
    const { watches, said, pass } = open();
    for (let round = 0; round < 100; round++) watches.watch(1, round % 7, ignore).release();
    watches.watch(1, 3, ignore);
    assert.equal(said.length, 1);
    pass(0.2);
    assert.equal(said.length, 2);
    assert.deepEqual(said.at(-1), [1, [3]]);
  });

  test('refuse frames that nobody asked for, but not those that were on their way', () => {
    const { watches, pass } = open();
    assert.equal(watches.take(frameOf(2, 5)), 'unwatched');
    watches.watch(2, 5, ignore).release();
    assert.equal(watches.take(frameOf(2, 5)), 'late');
    assert.equal(watches.take(frameOf(2, 6)), 'unwatched');
    pass(11);
    assert.equal(watches.take(frameOf(2, 5)), 'unwatched');
  });

  test('of more servers than a rack sends wait for their turn', () => {
    const { watches, said, pass } = open();
    const handles = Array.from({ length: 33 }, (_, id) => watches.watch(0, id, ignore));
    pass(0.2);
    assert.equal(said.at(-1)?.[1]?.length, 32);
    assert.equal(watches.hasRoom(0, 31), true);
    assert.equal(watches.hasRoom(0, 32), false);
    assert.equal(watches.hasRoom(1, 32), true);
    handles[4]?.release();
    pass(0.2);
    assert.equal(said.at(-1)?.[1]?.includes(32), true);
    assert.equal(watches.hasRoom(0, 32), true);
  });
});

describe('lines of racks', () => {
  test('carry requests to the connection that has the rack, and again after a reconnect', () => {
    const aggregate = aggregateOf();
    const lines = new RackLines({ aggregate, nowSeconds: () => 1000 });
    const written: [number, readonly number[] | undefined][] = [];
    const connect = (id: number) => lines.open(id, (line) => written.push([id, parseWatchRequest(line)?.server_ids]));
    const report = (sequence: number, connection: number) => {
      give(aggregate, reportOf(1, { sequence }), { connection });
      lines.heard({ rack_id: 1 }, connection);
    };
    lines.watches.watch(1, 0, ignore);
    connect(7);
    assert.deepEqual(written, []);
    report(1, 7);
    report(2, 7);
    assert.deepEqual(written, [[7, [0]]]);
    aggregate.disconnect(7);
    lines.close(7);
    connect(8);
    report(3, 8);
    assert.deepEqual(written.slice(1), [[8, [0]]]);
  });

  test('bring frames only of racks that the connection has', () => {
    const aggregate = aggregateOf();
    const lines = new RackLines({ aggregate, nowSeconds: () => 1000 });
    give(aggregate, reportOf(1), { connection: 7 });
    lines.watches.watch(1, 0, ignore);
    const line = encodeFrame(frameOf(1, 0));
    assert.equal(lines.isAnswer(line), true);
    assert.equal(lines.takeAnswer(line, 7), null);
    assert.equal(lines.takeAnswer(line, 8), 'unwatched');
    assert.equal(lines.takeAnswer(encodeFrame(frameOf(1, 1)), 7), 'unwatched');
    assert.equal(lines.takeAnswer(encodeFrame(frameOf(3, 0)), 7), 'unwatched');
    assert.equal(lines.takeAnswer('{"type":"frame",', 7), 'bad-frame');
  });
});
