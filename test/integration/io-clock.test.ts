import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { clockFromAnchor, createWallClock } from '../../src/io/clock.ts';

/** The wall clock tells whole milliseconds here, and may be slewed. */
const WALL_TOLERANCE_SECONDS = 0.005;

test('a clock begins at the wall clock and never goes back', () => {
  const clock = createWallClock();
  const before = Date.now() / 1000;
  let last = clock.nowSeconds();
  const after = Date.now() / 1000;
  assert.ok(last > before - WALL_TOLERANCE_SECONDS && last < after + WALL_TOLERANCE_SECONDS);
  for (let round = 0; round < 10_000; round++) {
    const now = clock.nowSeconds();
    assert.ok(now >= last);
    last = now;
  }
});

test('the anchor places the time line, whatever the wall clock says', () => {
  const { anchor } = createWallClock();
  const shifted = clockFromAnchor({ ...anchor, wallSeconds: anchor.wallSeconds - 86_400 });
  const unshifted = clockFromAnchor(anchor);
  const before = unshifted.nowSeconds();
  const now = shifted.nowSeconds() + 86_400;
  const after = unshifted.nowSeconds();
  assert.ok(now > before - 1e-5 && now < after + 1e-5);
});

const ECHO = `
  import { parentPort, workerData } from 'node:worker_threads';
  const { clockFromAnchor } = await import(workerData.module);
  const clock = clockFromAnchor(workerData.anchor);
  const turn = new Int32Array(workerData.turn);
  const time = new Float64Array(workerData.time);
  parentPort.postMessage('ready');
  for (let round = 1; round <= workerData.rounds; round++) {
    while (Atomics.load(turn, 0) !== 2 * round - 1);
    time[0] = clock.nowSeconds();
    Atomics.store(turn, 0, 2 * round);
  }
`;

test('a worker thread reads the same time line', async () => {
  const clock = createWallClock();
  const rounds = 200;
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const time = new Float64Array(new SharedArrayBuffer(8));
  const module = new URL('../../src/io/clock.ts', import.meta.url).href;
  const workerData = { module, anchor: clock.anchor, turn: turn.buffer, time: time.buffer, rounds };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(ECHO)}`), { workerData });
  await once(worker, 'message');
  let worstSeconds = 0;
  for (let round = 1; round <= rounds; round++) {
    const before = clock.nowSeconds();
    Atomics.store(turn, 0, 2 * round - 1);
    while (Atomics.load(turn, 0) !== 2 * round);
    const after = clock.nowSeconds();
    const there = time[0] ?? NaN;
    // Cause precedes effect in both directions, whatever the scheduler does: any excess is disagreement of the clocks.
    worstSeconds = Math.max(worstSeconds, before - there, there - after);
  }
  await worker.terminate();
  assert.ok(worstSeconds < 2e-6, `the clocks disagree by ${worstSeconds * 1e6} µs`);
});
