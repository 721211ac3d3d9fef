import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSchedule } from '../../src/agent/schedule.ts';
import { seededRandom } from '../support/random.ts';

const startSeconds = 1_800_000_000.125;

function scheduleAt(sampleRateHz: number) {
  return createSchedule({ startSeconds, sampleRateHz });
}

/** Sends all that is due. */
function drain(schedule: ReturnType<typeof scheduleAt>, nowSeconds: number): number {
  let count = 0;
  for (; schedule.isDue(nowSeconds); count++) schedule.advance();
  return count;
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

test('the first sample is due at the start, the next one interval later', () => {
  const schedule = scheduleAt(20);
  assert.equal(schedule.dueSeconds, startSeconds);
  assert.equal(drain(schedule, startSeconds), 1);
  assert.equal(schedule.index, 1);
  assertNear(schedule.dueSeconds, startSeconds + 0.05, 1e-6);
  assert.equal(schedule.isDue(startSeconds + 0.04), false);
  assert.equal(schedule.isDue(startSeconds + 0.05), true);
});

test('a timer up to 2 ms early counts as due, an earlier one sleeps for the rest', () => {
  const schedule = scheduleAt(20);
  schedule.advance();
  assert.equal(schedule.isDue(startSeconds + 0.0481), true);
  assert.equal(schedule.isDue(startSeconds + 0.0479), false);
  assert.equal(schedule.waitMs(startSeconds + 0.0479), 3);
});

test('at a high rate a sample is not sent in the place of the one before it', () => {
  const schedule = scheduleAt(1000);
  assert.equal(drain(schedule, startSeconds), 1);
  assert.equal(drain(schedule, startSeconds + 0.0004), 0);
  assert.equal(drain(schedule, startSeconds + 0.0006), 1);
});

test('the wait reaches the next sample, whole milliseconds and at least one', () => {
  const schedule = scheduleAt(20);
  schedule.advance();
  assert.equal(schedule.waitMs(startSeconds + 0.0097), 41);
  assert.equal(schedule.waitMs(startSeconds + 0.0499), 1);
  assert.equal(schedule.waitMs(startSeconds + 0.2), 1);
});

test('after a stall of 0.4 s what was missed is due at once, and no more', () => {
  const schedule = scheduleAt(20);
  drain(schedule, startSeconds);
  const nowSeconds = startSeconds + 0.41;
  assert.equal(schedule.isStalled(nowSeconds), false);
  assert.equal(drain(schedule, nowSeconds), 8);
  assertNear(schedule.dueSeconds, startSeconds + 0.45, 1e-6);
});

test('the schedule is stalled when it is more than 1 s behind, not before', () => {
  const schedule = scheduleAt(20);
  schedule.advance();
  assert.equal(schedule.isStalled(startSeconds + 1.049), false);
  assert.equal(schedule.isStalled(startSeconds + 1.051), true);
});

test('a million samples by timers early and late end where they began: nothing accumulates', () => {
  const sampleRateHz = 30;
  const schedule = scheduleAt(sampleRateHz);
  const random = seededRandom(3);
  let nowSeconds = startSeconds;
  let worstSeconds = 0;
  let wakes = 0;
  while (schedule.index < 1e6) {
    const sinceDueSeconds = nowSeconds - schedule.dueSeconds;
    drain(schedule, nowSeconds);
    wakes++;
    if (sinceDueSeconds > 0) worstSeconds = Math.max(worstSeconds, sinceDueSeconds);
    // 1.7 ms early to 3 ms late, and now and then 100 ms.
    const lateSeconds = -0.0017 + 0.0047 * random.uniform() + (random.uniform() < 0.01 ? 0.1 : 0);
    nowSeconds += Math.max(0.0005, schedule.waitMs(nowSeconds) / 1000 + lateSeconds);
  }
  assertNear(schedule.dueSeconds, startSeconds + 1e6 / sampleRateHz, 1e-6);
  assert.ok(worstSeconds < 0.11, `${worstSeconds} s late`);
  // Samples that went out together after a late timer spare wakes; a timer too early must not cost many.
  assert.ok(wakes <= 1.01e6, `${wakes} wakes`);
});
