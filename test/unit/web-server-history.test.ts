import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerHistory } from '../../src/wire/api/history.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { historyColumns } from '../../src/web/server/history-columns.ts';
import { countSlots, slotAt, slotMarks } from '../../src/web/server/slot-states.ts';
import { chaosBands, faultBands, statusSpans } from '../../src/web/server/time-bands.ts';
import { windowOf } from '../support/web-frames.ts';

test('a slot is received, late, lost or awaited, and was due when its turn was', () => {
  const window = windowOf('rrlrw', [0.001, 0.051, null, 0.05, null]);
  const marks = slotMarks(window);
  assert.deepEqual(
    marks.map(({ state }) => state),
    ['received', 'late', 'lost', 'received', 'awaited'],
  );
  assert.deepEqual(
    marks.map(({ dueSeconds }) => dueSeconds),
    [999.8, 999.85, 999.9, 999.95, 1000],
  );
  assert.deepEqual(countSlots(marks), { received: 2, late: 1, lost: 1, awaited: 1 });
  assert.equal(slotAt(window, 999.91), 2);
  assert.equal(slotAt(window, 999.7), null);
  assert.equal(slotAt(window, 1000.2), null);
});

test('where time is missing a history breaks; a clock set back does not turn the axis around', () => {
  const columns = historyColumns(historyOf([10, 11, 20, 19, 21]));
  assert.deepEqual(columns.seconds, [10, 11, 12.25, 20, 21]);
  assert.deepEqual(columns.error, [10, 10, null, 10, 10]);
  assert.deepEqual(columns.delay, [2, 2, null, 2, 2]);
});

test('statuses are spans that touch, and gaps are in none', () => {
  const history = {
    ...historyOf([1, 2, 3, 10, 11]),
    status: ['healthy', 'healthy', 'critical', 'critical', 'critical'],
  };
  assert.deepEqual(statusSpans(history as ServerHistory, 1), [
    { status: 'healthy', from: 1, until: 3 },
    { status: 'critical', from: 3, until: 3 },
    { status: 'critical', from: 10, until: 11 },
  ]);
});

test('chaos of this server is a band, from events and from what is active; that of others is none', () => {
  const over = chaosEvent(1, noticeOf('a', 2, [5], 100), 'begun', 100);
  const ended = chaosEvent(2, noticeOf('a', 2, [5], 100), 'ended', 130);
  const other = chaosEvent(3, noticeOf('b', 2, [6], 110), 'begun', 110);
  const bands = chaosBands(
    { rackId: 2, serverId: 5 },
    { active: [noticeOf('c', 2, [4, 5], 140)], events: [other, ended, over] },
  );
  assert.deepEqual(bands, [
    { kind: 'chaos', from: 100, until: 130, label: 'loss 20 %' },
    { kind: 'chaos', from: 140, until: null, label: 'loss 20 %' },
  ]);
});

test('a fault is a band that goes on', () => {
  const fault = { kind: 'loss', since: 50, severity: 'warning', confidence: 1, parameters: {} } as const;
  assert.deepEqual(faultBands([fault]), [{ kind: 'fault', from: 50, until: null, label: 'loss' }]);
});

function historyOf(timestamps: readonly number[]): ServerHistory {
  const all = <T>(value: T) => timestamps.map(() => value);
  return {
    timestamps,
    status: all('healthy'),
    spectral_error: all(0.1),
    snr_db: all(10),
    loss_ratio: all(0.05),
    delay_seconds: all(0.002),
    jitter_seconds: all(null),
  };
}

function noticeOf(id: string, rackId: number, serverIds: readonly number[], beganAt: number): ChaosNotice {
  return {
    id,
    target: 'lab',
    scope: `rack ${rackId}`,
    kinds: ['loss'],
    description: 'loss 20 %',
    servers: [{ rack_id: rackId, server_ids: serverIds }],
    began_at: beganAt,
    until: null,
  };
}

function chaosEvent(id: number, chaos: ChaosNotice, to: 'begun' | 'ended', timestamp: number) {
  return {
    id,
    timestamp,
    scope: 'chaos',
    rack_id: null,
    server_id: null,
    name: chaos.scope,
    from: null,
    to,
    spectral_error: null,
    health_score: null,
    chaos: { ...chaos, reason: null },
  } as const;
}
