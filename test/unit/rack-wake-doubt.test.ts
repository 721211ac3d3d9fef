import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATAGRAMS_A_TURN } from '../../src/rack/listening-proof.ts';
import { WakeDoubt } from '../../src/rack/wake-doubt.ts';

/** A thread that waited so long for a core before each of its turns. */
function threadOf(waits: readonly number[]): WakeDoubt {
  const left = [...waits];
  return new WakeDoubt(() => left.shift() ?? 0);
}

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} ≈ ${expected}`);

test('a stamp may be late by as long as the thread waited for a core before it', () => {
  const thread = threadOf([0.002, 0.00005, 0]);
  assert.equal(thread.wake(10), true);
  near(thread.ofStamp(10), 0.002);
  assert.equal(thread.wake(10.0001), false, 'the same turn');
  near(thread.ofStamp(10.0001), 0.0021);
  thread.endTurn();
  assert.equal(thread.wake(10.05), true);
  assert.equal(thread.ofStamp(10.05), 0, 'so little is usual');
  thread.endTurn();
});

test('who wakes first, a beat or a datagram, is of no matter', () => {
  const thread = threadOf([0.003]);
  thread.wake(20);
  assert.equal(thread.wake(20.0002), false);
  near(thread.ofStamp(20.0002), 0.0032);
  thread.endTurn();
  thread.wake(20.02);
  assert.equal(thread.ofStamp(20.02), 0);
});

test('a thread that loses its core within a turn doubts what comes after', () => {
  const thread = threadOf([0, 0.005]);
  thread.wake(30);
  assert.equal(thread.ofStamp(30), 0);
  thread.wake(30.006);
  near(thread.ofStamp(30.006), 0.005);
});

test('what a full turn left waiting waited as long', () => {
  const thread = threadOf([0.004]);
  for (const turn of [0, 1]) {
    for (let n = 0; n < DATAGRAMS_A_TURN; n++) {
      thread.wake(40 + turn * 0.001);
      near(thread.ofStamp(40 + turn * 0.001), 0.004 + turn * 0.001);
    }
    thread.endTurn();
  }
  thread.wake(40.002);
  near(thread.ofStamp(40.002), 0.006);
  thread.endTurn();
  thread.wake(40.003);
  assert.equal(thread.ofStamp(40.003), 0);
});
