import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_DETECTION } from '../../src/core/detect/detection-options.ts';
import { WindowAnalyzer } from '../../src/core/window-analyzer.ts';
import { type HeldServer, ServerTable, type ServerTableOptions } from '../../src/rack/server-table.ts';
import { START_SECONDS, toneSample } from '../support/fake-rack.ts';
import { seededRandom } from '../support/random.ts';

const analyzer = new WindowAnalyzer(256);

function tableOf(changes: Partial<ServerTableOptions> = {}) {
  const table = new ServerTable({
    rackId: 0,
    plan: { kind: 'default' },
    sampleRateHz: 20,
    windowSlots: 256,
    maxServers: 4,
    expectedServerIds: null,
    forgetAfterSeconds: 900,
    isAuthenticated: false,
    startedSeconds: START_SECONDS,
    keepsHistory: true,
    ...changes,
  });
  /** Judges all, this long after the start, and tells their statuses. */
  const statuses = (seconds: number): Record<number, string> => {
    const now = START_SECONDS + seconds;
    table.judge(analyzer, now, null);
    return Object.fromEntries(table.verdicts(now).map(({ server_id: id, status }) => [id, status]));
  };
  /** A server sings from one second to another after the start; false when it is not admitted. */
  const sing = (serverId: number, from: number, to: number): boolean => {
    for (let k = Math.round(from * 20); k < to * 20; k++) {
      const sentSeconds = START_SECONDS + k / 20;
      const held = table.admit(serverId, sentSeconds);
      if (typeof held === 'string') return false;
      held.stream.accept(toneSample(serverId, { sequence: k, sentSeconds }), sentSeconds);
    }
    return true;
  };
  return { table, statuses, sing };
}

function serverOf(server: HeldServer | string | undefined): HeldServer {
  if (server === undefined || typeof server === 'string') throw new Error(`not held: ${server}`);
  return server;
}

test('how bad a fault is follows the thresholds that the operator set', () => {
  const severity = { ...DEFAULT_DETECTION.severity, loss: [0.5, 0.9] as const };
  const tables = [tableOf(), tableOf({ detection: { ...DEFAULT_DETECTION, severity } })];
  const told = tables.map(({ table, statuses }) => {
    const random = seededRandom(5);
    for (let k = 0; k < 1200; k++) {
      const sentSeconds = START_SECONDS + k / 20;
      const { stream } = serverOf(table.admit(0, sentSeconds));
      if (random.uniform() >= 0.1) stream.accept(toneSample(0, { sequence: k, sentSeconds }), sentSeconds);
    }
    const [status] = Object.values(statuses(60));
    return [
      status,
      ...table.verdicts(START_SECONDS + 60).flatMap(({ faults }) => faults.map((one) => `${one.kind} ${one.severity}`)),
    ];
  });
  assert.deepEqual(told, [
    ['warning', 'loss warning'],
    ['healthy', 'loss info'],
  ]);
});

describe('expected servers', () => {
  test('one that was never heard is on its way for 10 s, then silent, with the tone it should sing', () => {
    const { table, statuses } = tableOf({ expectedServerIds: [1, 3] });
    assert.deepEqual(statuses(1), { 1: 'warming', 3: 'warming' });
    assert.deepEqual(statuses(10), { 1: 'warming', 3: 'warming' });
    assert.deepEqual(statuses(10.1), { 1: 'silent', 3: 'silent' });
    const [first] = table.verdicts(START_SECONDS + 11);
    assert.deepEqual([first?.spectral_error, first?.expected_frequency_hz, first?.last_heard], [1, 1.05, null]);
    assert.equal(table.size, 0, 'it takes no place in the table');
  });

  test('all others are turned away', () => {
    const { table } = tableOf({ expectedServerIds: [1, 3] });
    assert.equal(table.admit(2, START_SECONDS), 'unexpected-server');
    assert.equal(serverOf(table.admit(3, START_SECONDS)).stream.options.serverId, 3);
  });

  test('one that fell silent stays silent, also after it was forgotten', () => {
    const { table, statuses, sing } = tableOf({ expectedServerIds: [1], forgetAfterSeconds: 60 });
    sing(1, 0, 5);
    assert.deepEqual(statuses(5), { 1: 'healthy' });
    assert.deepEqual(statuses(64), { 1: 'silent' });
    assert.equal(table.size, 1);
    assert.deepEqual(statuses(66), { 1: 'silent' });
    assert.equal(table.size, 0);
  });

  test('one that gave too few samples for a verdict is silent when it stops, though a stranger would be forgotten', () => {
    const { statuses, sing } = tableOf({ expectedServerIds: [1] });
    sing(1, 0, 1);
    assert.deepEqual(statuses(1), { 1: 'warming' });
    assert.deepEqual(statuses(12), { 1: 'silent' });
  });
});

describe('servers nobody told of', () => {
  test('are judged when heard, and count as silent when they stop, until they are forgotten', () => {
    const { table, statuses, sing } = tableOf({ forgetAfterSeconds: 60 });
    assert.deepEqual(statuses(0), {});
    sing(2, 0, 5);
    assert.deepEqual(statuses(5), { 2: 'healthy' });
    assert.deepEqual(statuses(6), { 2: 'silent' });
    assert.deepEqual(statuses(64), { 2: 'silent' });
    assert.deepEqual(statuses(65.1), {});
    assert.equal(table.size, 0);
  });

  test('strangers that gave no verdict never count as silent, and are forgotten after 5 s', () => {
    const { table, statuses, sing } = tableOf();
    sing(2, 0, 3);
    assert.deepEqual(statuses(3), { 2: 'warming' });
    assert.deepEqual(statuses(3.6), {});
    assert.equal(table.size, 1);
    assert.deepEqual(statuses(7.9), {});
    assert.equal(table.size, 1);
    statuses(8);
    assert.equal(table.size, 0);
  });

  test('announcements alone fill the table for 5 s at most, however often they come', () => {
    const { table, statuses, sing } = tableOf();
    for (let serverId = 0; serverId < 4; serverId++) serverOf(table.admit(serverId, START_SECONDS));
    assert.equal(table.admit(9, START_SECONDS), 'too-many-servers');
    for (let seconds = 0; seconds <= 6; seconds++) {
      for (let serverId = 0; serverId < 4; serverId++) {
        if (seconds < 5) table.admit(serverId, START_SECONDS + seconds);
      }
      assert.deepEqual(statuses(seconds), {});
      if (seconds < 5) assert.equal(table.size, 4, 'an agent announces itself before it sings');
    }
    assert.equal(table.size, 0);
    assert.equal(sing(9, 7, 12), true);
    assert.deepEqual(statuses(12), { 9: 'healthy' });
  });

  test('no more than the most servers are held; those held stay', () => {
    const { table, statuses, sing } = tableOf({ maxServers: 2 });
    assert.deepEqual([sing(0, 0, 5), sing(1, 0, 5), sing(2, 0, 5)], [true, true, false]);
    for (let serverId = 2; serverId < 160; serverId++) {
      assert.equal(table.admit(serverId, START_SECONDS + 5), 'too-many-servers');
    }
    assert.equal(table.size, 2);
    assert.deepEqual(statuses(5), { 0: 'healthy', 1: 'healthy' });
  });

  test('a server the plan has no tone for is turned away', () => {
    const { table } = tableOf();
    assert.equal(table.admit(160, START_SECONDS), 'no-tone');
    assert.equal(table.admit(65_535, START_SECONDS), 'no-tone');
    assert.equal(serverOf(table.admit(159, START_SECONDS)).stream.options.frequencyHz, 8.95);
  });
});

test('silence is news once: after the verdict that calls it silent it is none', () => {
  const { table, statuses, sing } = tableOf();
  sing(0, 0, 5);
  assert.equal(table.hasNewSilence(START_SECONDS + 7), false, 'never judged: nothing to take back');
  statuses(5);
  assert.equal(table.hasNewSilence(START_SECONDS + 5.3), false);
  assert.equal(table.hasNewSilence(START_SECONDS + 5.4), true);
  statuses(5.4);
  assert.equal(table.hasNewSilence(START_SECONDS + 5.5), false);
});

test('verdicts are in the order of the server ids', () => {
  const { table, statuses, sing } = tableOf({ expectedServerIds: [0, 1, 2, 3] });
  for (const serverId of [3, 1, 2]) sing(serverId, 0, 4);
  statuses(4);
  const ids = table.verdicts(START_SECONDS + 4).map((verdict) => verdict.server_id);
  assert.deepEqual(ids, [0, 1, 2, 3]);
});
