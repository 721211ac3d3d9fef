import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import { Frames } from '../../src/rack/frames.ts';
import { StreamFrameSchema } from '../../src/wire/api/frame.ts';
import { MAX_WATCHED_SERVERS, type WatchRequest } from '../../src/wire/watch-request.ts';
import { FakeRack } from '../support/fake-rack.ts';

const request = (server_ids: readonly number[], changes: Partial<WatchRequest> = {}): WatchRequest => ({
  type: 'watch',
  rack_id: 0,
  server_ids,
  interval_seconds: 0.5,
  lease_seconds: 10,
  ...changes,
});

const range = (count: number) => Array.from({ length: count }, (_, id) => id);

function watch(server_ids: readonly number[], changes: Partial<WatchRequest> = {}) {
  const rack = new FakeRack();
  rack.sing([0, 1], 15);
  const frames = new Frames(0);
  const startSeconds = rack.nowSeconds;
  frames.watch(request(server_ids, changes), startSeconds);
  /** Asks as a rack does, for so long; whose frames came. */
  const askFor = (seconds: number, fromSeconds = 0) => {
    const heard: number[] = [];
    for (let tick = 0; tick * 0.025 < seconds; tick++) {
      const now = startSeconds + fromSeconds + tick * 0.025;
      heard.push(...frames.due(rack.listening, now).map((frame) => frame.server_id));
    }
    return heard;
  };
  return { rack, frames, startSeconds, askFor };
}

describe('frames of a rack', () => {
  test('come at once and then every interval, of those watched only', () => {
    const { frames, rack, startSeconds } = watch([1]);
    const times = range(200)
      .map((tick) => tick * 0.025)
      .filter((seconds) => frames.due(rack.listening, startSeconds + seconds).length > 0);
    assert.deepEqual(times, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
  });

  test('hold spectrum and slots, and are what the contract says', () => {
    const { frames, rack, startSeconds } = watch([0]);
    const [frame] = frames.due(rack.listening, startSeconds);
    assert.ok(frame?.spectrum && frame.window);
    assert.deepEqual(v.parse(StreamFrameSchema, JSON.parse(JSON.stringify(frame))), frame);
    assert.equal(frame.timestamp, startSeconds);
    const { spectrum } = frame;
    assert.equal(spectrum.power_db.length, 256);
    const strongest = spectrum.power_db.indexOf(Math.max(...spectrum.power_db));
    const strongestHz = spectrum.first_frequency_hz + strongest * spectrum.bin_width_hz;
    assert.ok(Math.abs(strongestHz - spectrum.expected_frequency_hz) < 1e-9, `${strongestHz} Hz`);
    assert.ok(spectrum.power_db.every((db) => Math.abs(db * 10 - Math.round(db * 10)) < 1e-9));
  });

  test('of a server that is not heard are empty', () => {
    const { frames, rack, startSeconds } = watch([7]);
    const [frame] = frames.due(rack.listening, startSeconds);
    assert.deepEqual([frame?.server_id, frame?.spectrum, frame?.window], [7, null, null]);
  });

  test('of a silent server have nothing in their spectrum', () => {
    const { frames, rack, startSeconds } = watch([0]);
    const [frame] = frames.due(rack.listening, startSeconds + 5);
    assert.ok(frame?.spectrum?.power_db.every((db) => db === -150));
    assert.equal(frame?.window?.slots.at(-1), 'w');
  });

  test('end with the lease, with a request of none, and when the datacenter is gone', () => {
    const { frames, askFor } = watch([0]);
    assert.equal(askFor(20).length, 20, 'ten seconds of two a second');
    assert.equal(frames.watched, 0);
    const other = watch([0]);
    other.frames.watch(request([]), other.startSeconds);
    assert.deepEqual(other.askFor(5), []);
    const third = watch([0, 1]);
    third.frames.stop();
    assert.deepEqual(third.askFor(5), []);
  });

  test('go on without a break when the request is said again', () => {
    const { frames, startSeconds, askFor } = watch([0]);
    assert.equal(askFor(3).length, 6);
    frames.watch(request([0, 1]), startSeconds + 3);
    assert.deepEqual(askFor(1, 3), [0, 1, 0, 1]);
  });

  test('of another rack are not asked here', () => {
    const { frames, startSeconds, askFor } = watch([0]);
    frames.watch(request([1], { rack_id: 5 }), startSeconds);
    assert.deepEqual(new Set(askFor(2)), new Set([0]));
  });

  test('of as many servers as may be watched all have their turn, a few at a time', () => {
    const { frames, rack, startSeconds, askFor } = watch(range(MAX_WATCHED_SERVERS));
    assert.equal(frames.due(rack.listening, startSeconds).length, 2);
    const heard = askFor(5);
    for (const id of range(MAX_WATCHED_SERVERS)) {
      const count = heard.filter((other) => other === id).length;
      assert.ok(count >= 9 && count <= 10, `server ${id}: ${count} frames`);
    }
  });

  test('that were due while the rack stood still come once', () => {
    const { askFor } = watch([0]);
    askFor(0.025);
    assert.equal(askFor(0.1, 8).length, 1);
  });
});
