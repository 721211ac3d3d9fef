import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Impairment } from '../../src/netem/impairment.ts';
import { timelineAt } from '../../src/wire/injection-timeline.ts';
import { injectionOf, lossOf } from '../support/injections.ts';

const [A, B, C] = [lossOf(0.1), lossOf(0.2), lossOf(0.3)];

test('one phase lasts until the duration is over, whatever its own seconds say', () => {
  const injection = injectionOf({ phases: [{ seconds: 1, impairment: A }], durationSeconds: 60 });
  assert.deepEqual(timelineAt(injection, 0), { impairment: A, untilSeconds: 60, isOver: false });
  assert.deepEqual(timelineAt(injection, 59.999), { impairment: A, untilSeconds: 60, isOver: false });
  assert.deepEqual(timelineAt(injection, 60), { impairment: null, untilSeconds: Infinity, isOver: true });
});

test('without a duration the last phase never ends', () => {
  const injection = injectionOf({
    phases: [A, B, C].map((impairment) => ({ seconds: 2, impairment })),
    durationSeconds: null,
  });
  const seen = [0, 1.999, 2, 3.999, 4, 6, 1e9].map((elapsed) => timelineAt(injection, elapsed));
  assert.deepEqual(
    seen.map(({ impairment }) => impairment),
    [A, A, B, B, C, C, C],
  );
  assert.deepEqual(
    seen.map(({ untilSeconds }) => untilSeconds),
    [2, 2, 4, 4, Infinity, Infinity, Infinity],
  );
  assert.ok(seen.every(({ isOver }) => !isOver));
});

test('phases that repeat begin anew, and end in the middle of one when the time is over', () => {
  const injection = injectionOf({
    phases: [
      { seconds: 0.5, impairment: A },
      { seconds: 4.5, impairment: null },
    ],
    repeats: true,
    durationSeconds: 11,
  });
  const at = (elapsed: number) => {
    const { impairment, untilSeconds, isOver } = timelineAt(injection, elapsed);
    return [impairment, untilSeconds, isOver];
  };
  assert.deepEqual(at(0), [A, 0.5, false]);
  assert.deepEqual(at(0.5), [null, 5, false]);
  assert.deepEqual(at(5), [A, 5.5, false]);
  assert.deepEqual(at(10.49), [A, 10.5, false]);
  assert.deepEqual(at(10.6), [null, 11, false]);
  assert.deepEqual(at(11), [null, Infinity, true]);
});

test('phases of tenths, which are no exact fractions, go on for hours: each change is ahead, none is left out', () => {
  const phases = [A, B, C].map((impairment) => ({ seconds: 0.1, impairment }));
  const injection = injectionOf({ phases, repeats: true, durationSeconds: null });
  for (const start of [0, 3600, 86_400]) {
    let elapsed = start;
    const seen: (Impairment | null)[] = [];
    for (let n = 0; n < 300; n++) {
      const { impairment, untilSeconds } = timelineAt(injection, elapsed + 1e-6);
      assert.ok(untilSeconds > elapsed + 1e-6 && untilSeconds < elapsed + 0.1001, `${untilSeconds} after ${elapsed}`);
      seen.push(impairment);
      elapsed = untilSeconds;
    }
    const first = phases.findIndex(({ impairment }) => impairment === seen[0]);
    assert.deepEqual(
      seen,
      seen.map((_, n) => phases[(first + n) % 3]?.impairment),
    );
  }
});

test('a duration below that of the first phase wins', () => {
  const injection = injectionOf({ phases: [{ seconds: 100, impairment: A }], repeats: true, durationSeconds: 1 });
  assert.equal(timelineAt(injection, 0.5).untilSeconds, 1);
  assert.equal(timelineAt(injection, 1).isOver, true);
});
