import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentAt, movedTo, pausedAt, played, steppedBy, toggled } from '../../src/web/replay/playback.ts';
import { ReplayFeed } from '../../src/web/replay/replay-feed.ts';
import { placeFrames, rowStep, waterfallSeconds } from '../../src/web/server/waterfall-rows.ts';
import { lossyCapsule } from '../support/capsule.ts';
import { hearText } from '../support/replay.ts';

const hearing = await hearText(lossyCapsule().text);
const { moments } = hearing;
const last = moments.length - 1;

test('it plays on with the clock, as many times as fast, and stops at the end', () => {
  let playback = toggled(pausedAt(10), hearing);
  playback = played(playback, 0.3, hearing);
  assert.equal(playback.index, 10);
  playback = played(playback, 0.3, hearing);
  assert.equal(playback.index, 11);
  assert.equal(played({ ...playback, speed: 60 }, 0.5, hearing).index, 71);
  const ended = played({ ...playback, speed: 60 }, 600, hearing);
  assert.deepEqual([ended.index, ended.isPlaying], [last, false]);
  assert.equal(played(pausedAt(3), 100, hearing).index, 3);
});

test('played again at the end it begins anew; elsewhere it goes on', () => {
  assert.deepEqual([toggled(pausedAt(last), hearing).index, toggled(pausedAt(7), hearing).index], [0, 7]);
  assert.equal(toggled(toggled(pausedAt(7), hearing), hearing).isPlaying, false);
});

test('a step is a second, and nothing lies beyond the ends', () => {
  assert.equal(steppedBy(moments, 10, 1), 12);
  assert.equal(steppedBy(moments, 10, -1), 8);
  assert.equal(steppedBy(moments, 0, -1), 0);
  assert.equal(steppedBy(moments, last, 10), last);
  assert.deepEqual([movedTo(pausedAt(5), -3, hearing).index, movedTo(pausedAt(5), 1e6, hearing).index], [0, last]);
  // Where moments are rare a step goes to the next of them.
  const rare = moments.filter((_, index) => index % 20 === 0);
  assert.deepEqual([steppedBy(rare, 2, 1), steppedBy(rare, 2, -1)], [3, 1]);
});

test('the moment of a time is the last that is not after it', () => {
  const seconds = moments[20]?.seconds ?? 0;
  assert.deepEqual([momentAt(moments, seconds), momentAt(moments, seconds + 0.4)], [20, 20]);
  assert.deepEqual([momentAt(moments, 0), momentAt(moments, Infinity)], [0, last]);
});

test('on the way forward frames are added; backward there is another ring, with all that was seen until then', () => {
  const feeds = new ReplayFeed(hearing);
  const early = feeds.at(100);
  assert.deepEqual([early.frames.length, early.frame], [101, moments[100]?.frame]);
  const later = feeds.at(120);
  assert.equal(later.frames, early.frames);
  assert.equal(later.frames.newest, moments[120]?.frame);
  const back = feeds.at(50);
  assert.notEqual(back.frames, early.frames);
  assert.deepEqual([back.frames.length, back.frames.newest], [51, moments[50]?.frame]);
  assert.equal(back.history.timestamps.at(-1), moments[50]?.seconds);
  assert.equal(feeds.at(50).verdict, moments[50]?.verdict);
});

test('frames painted at once are where they would be one by one', () => {
  const times = [100, 100.5, 101.02, 103, 103.1, 104];
  const rows = new Map<number, number>();
  let before: number | null = null;
  for (const time of times) {
    const step = before === null ? { shift: 0, paint: 1 } : rowStep(before, time);
    assert.ok(step !== null);
    const moved = [...rows].map(([row, painted]) => [row + step.shift, painted] as const);
    rows.clear();
    for (const [row, painted] of moved) rows.set(row, painted);
    for (let row = 0; row < step.paint; row++) rows.set(row, time);
    before = time;
  }
  const atOnce = new Map<number, number>();
  const { placed, shift } = placeFrames(
    times.map((timestamp) => ({ timestamp })),
    null,
  );
  for (const { frame, row, paint } of placed) {
    for (let below = 0; below < paint; below++) atOnce.set(row + below, frame.timestamp);
  }
  const inOrder = (map: ReadonlyMap<number, number>) => [...map].toSorted(([a], [b]) => a - b);
  assert.deepEqual(inOrder(atOnce), inOrder(rows));
  assert.equal(shift, 8);
  // What was seen before the clock was set back is gone.
  const back = placeFrames([{ timestamp: 100 }, { timestamp: 50 }, { timestamp: 50.5 }], 99);
  assert.deepEqual(
    back.placed.map(({ frame, row }) => [frame.timestamp, row]),
    [
      [50, 1],
      [50.5, 0],
    ],
  );
});

test('a short recording has a short waterfall', () => {
  assert.deepEqual([0, 59, 63, 66, 122, 299, 4000].map(waterfallSeconds), [60, 60, 60, 120, 120, 300, 300]);
});
