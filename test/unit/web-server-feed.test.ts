import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamFrame } from '../../src/wire/api/frame.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { FrameRing } from '../../src/web/store/frame-ring.ts';
import { changeFeed, emptyFeed, feedOf } from '../../src/web/store/server-feed.ts';
import { addEvents, EVENTS_KEPT, takeSnapshot } from '../../src/web/store/known-events.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';

function frame(timestamp: number): StreamFrame {
  return { type: 'frame', rack_id: 2, server_id: 5, timestamp, spectrum: null, window: null };
}

const verdict: Verdict = {
  rack_id: 2,
  server_id: 5,
  name: null,
  status: 'warning',
  spectral_error: 0.3,
  snr_db: 3,
  loss_ratio: 0.2,
  delay_seconds: null,
  jitter_seconds: null,
  clock_skew_ppm: null,
  expected_frequency_hz: 3.25,
  sample_rate_hz: 20,
  last_heard: 9,
  faults: [],
};

const history = {
  timestamps: [10],
  status: ['healthy'],
  spectral_error: [0],
  snr_db: [30],
  loss_ratio: [0],
  delay_seconds: [0],
  jitter_seconds: [0],
} as const;

test('a ring holds the latest frames, oldest first, and counts all', () => {
  const ring = new FrameRing(3);
  assert.equal(ring.at(0), null);
  for (const at of [1, 2, 3, 4, 5]) ring.push(frame(at));
  assert.deepEqual(
    [0, 1, 2].map((index) => ring.at(index)?.timestamp),
    [3, 4, 5],
  );
  assert.deepEqual([ring.length, ring.total, ring.newest?.timestamp], [3, 5, 5]);
  assert.deepEqual([ring.at(0)?.timestamp, ring.at(3), ring.at(-1)], [3, null, null]);
});

test('a feed takes frames and verdicts as they come, together or alone', () => {
  const before = emptyFeed(2, 5);
  assert.equal(before.isKnown, false);
  const known = feedOf(before, { verdict: null, history });
  const withFrame = changeFeed(known, { frame: frame(11) }, 11);
  assert.equal(withFrame.frame?.timestamp, 11);
  assert.equal(withFrame.history, history, 'a frame is nothing for the history');
  const withBoth = changeFeed(withFrame, { verdict, frame: frame(12), timestamp: 11.5 }, 12);
  assert.equal(withBoth.verdict, verdict);
  assert.deepEqual(withBoth.history.timestamps, [10, 11.5]);
  assert.deepEqual(withBoth.history.status, ['healthy', 'warning']);
  assert.deepEqual(withBoth.history.delay_seconds, [0, null]);
  assert.equal(withBoth.frames.total, 2);
});

test('a verdict that is not newer than the history is not added to it', () => {
  const feed = changeFeed(feedOf(emptyFeed(2, 5), { verdict: null, history }), { verdict, timestamp: 10 }, 12);
  assert.equal(feed.history, history);
});

test('frames outlive a reconnection', () => {
  const feed = changeFeed(feedOf(emptyFeed(2, 5), { verdict, history }), { frame: frame(11) }, 11);
  assert.equal(feedOf(feed, { verdict: null, history }).frames.total, 1);
});

function event(id: number): DatacenterEvent {
  const subject = { scope: 'rack', rack_id: 1, server_id: null, name: null } as const;
  return { id, timestamp: id, ...subject, from: null, to: 'critical', spectral_error: null, health_score: 0 };
}

test('events are kept newest first, each once, and not for ever', () => {
  const first = addEvents([], [event(2), event(1)]);
  const second = addEvents(first, [event(3), event(2)]);
  assert.deepEqual(
    second.map(({ id }) => id),
    [3, 2, 1],
  );
  assert.equal(addEvents(second, [event(3)]), second);
  const many = Array.from({ length: EVENTS_KEPT + 5 }, (_, index) => event(index + 10));
  assert.equal(addEvents(second, many).length, EVENTS_KEPT);
});

test('a snapshot goes on from what was known; that of another controller begins anew', () => {
  const known = [event(3), event(2), event(1)];
  const ids = (snapshot: readonly DatacenterEvent[]) => takeSnapshot(known, snapshot).map(({ id }) => id);
  assert.deepEqual(ids([event(4), event(3)]), [4, 3, 2, 1]);
  assert.deepEqual(ids([event(6), event(5)]), [6, 5], 'what lies between is not known');
  assert.deepEqual(ids([{ ...event(3), timestamp: 99 }, event(2)]), [3, 2]);
  assert.deepEqual(takeSnapshot([], [event(1), event(2)]), [event(2), event(1)]);
});
