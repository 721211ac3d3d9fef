import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultLog, MAX_RECORDED_FAULTS } from '../../src/analyze/fault-log.ts';
import type { Fault } from '../../src/core/verdict.ts';

const faultOf = (changes: Partial<Fault> = {}): Fault => ({
  kind: 'loss',
  since: 1,
  severity: 'info',
  confidence: 0.9,
  parameters: {},
  ...changes,
});

/** What a log says after it was told these faults at these times. */
function logOf(...told: readonly (readonly [seconds: number, ...faults: readonly Fault[]])[]): FaultLog {
  const log = new FaultLog();
  for (const [seconds, ...faults] of told) log.tell(faults, seconds);
  return log;
}

const times = (log: FaultLog) =>
  log.faults.map(({ kind, onset_ts, detected_ts, end_ts }) => [kind, onset_ts, detected_ts, end_ts]);

test('a fault begins when it is first told, and is over when it is told no more', () => {
  const log = logOf([2, faultOf()], [3, faultOf()], [4], [9, faultOf({ since: 8 })]);
  assert.deepEqual(times(log), [
    ['loss', 1, 2, 4],
    ['loss', 8, 9, null],
  ]);
  assert.deepEqual([log.isStanding('loss'), log.isStanding('jitter')], [true, false]);
});

test('an onset that becomes known better changes, and its fault keeps its place', () => {
  const jitter = faultOf({ kind: 'jitter', since: 2 });
  const log = logOf([2, faultOf()], [3, faultOf(), jitter], [4, faultOf({ since: 0.5 }), jitter]);
  assert.deepEqual(times(log), [
    ['loss', 0.5, 2, null],
    ['jitter', 2, 3, null],
  ]);
});

test('what silence hid for a while is one fault, and what ended in the silence has ended', () => {
  const silent = faultOf({ kind: 'silent', since: 5 });
  const hidden = logOf([2, faultOf()], [6, silent], [7, faultOf()]);
  assert.deepEqual(times(hidden), [
    ['loss', 1, 2, null],
    ['silent', 5, 6, 7],
  ]);
  assert.deepEqual(times(logOf([2, faultOf()], [6, silent], [7]))[0], ['loss', 1, 2, 6]);
});

test('severity and parameters are of the last moment at its worst, not of its first seconds', () => {
  const at = (severity: Fault['severity'], ratio: number, confidence = 0.9) =>
    faultOf({ severity, confidence, parameters: { loss_ratio: ratio } });
  const [settled] = logOf(
    [2, at('critical', 0.4)],
    [4, at('critical', 0.3)],
    [8, at('warning', 0.05, 0.99)],
    [9, at('warning', 0.06)],
    [10, at('info', 0.005)],
  ).faults;
  assert.deepEqual(
    [settled?.severity, settled?.parameters, settled?.confidence],
    ['warning', { loss_ratio: 0.06 }, 0.99],
  );
  const [short] = logOf([2, at('critical', 0.4)], [3, at('warning', 0.1)], [4]).faults;
  assert.deepEqual([short?.severity, short?.parameters], ['warning', { loss_ratio: 0.1 }]);
});

test('more faults than are kept are counted, each once', () => {
  const log = new FaultLog();
  for (let i = 0; i < MAX_RECORDED_FAULTS + 5; i++) {
    for (const at of [10 * i + 2, 10 * i + 3]) log.tell([faultOf({ since: 10 * i + 1 })], at);
    log.tell([], 10 * i + 4);
  }
  assert.deepEqual([log.faults.length, log.leftOut], [MAX_RECORDED_FAULTS, 5]);
});
