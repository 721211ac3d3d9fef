import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../src/core/verdict.ts';
import type { FaultEvent } from '../../src/wire/api/datacenter-event.ts';
import type { ServerHistory } from '../../src/wire/api/history.ts';
import type { ChaosNotice } from '../../src/wire/chaos-notice.ts';
import { historyColumns } from '../../src/web/server/history-columns.ts';
import { countSlots, slotAt, slotMarks } from '../../src/web/server/slot-states.ts';
import { serverFaults } from '../../src/web/server/server-faults.ts';
import { bandColour, bandsSince, chaosBands, faultBands, statusSpans } from '../../src/web/server/time-bands.ts';
import { lanesOf } from '../../src/web/server/time-lanes.ts';
import { windowOf } from '../support/web-frames.ts';
import { VERDICT } from '../support/web-verdict.ts';

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

const LOSS: Fault = { kind: 'loss', since: 50, severity: 'warning', confidence: 1, parameters: { loss_ratio: 0.2 } };
const SUBJECT = { rackId: 2, serverId: 5 };

test('a fault is a band from its beginning to its end; one that is worth a look is marked so', () => {
  const note = { ...LOSS, since: 60, severity: 'info' } as const;
  const times = [
    { fault: LOSS, until: 55, words: 'loss 20 %' },
    { fault: note, until: null, words: 'loss 1 %' },
  ];
  const bands = faultBands(times);
  assert.deepEqual(bands, [
    { kind: 'fault', from: 50, until: 55, label: 'loss 20 %' },
    { kind: 'fault', from: 60, until: null, label: 'loss 1 %', isNote: true },
  ]);
  assert.deepEqual(bands.map(bandColour), ['fault-band', 'note-band']);
  assert.deepEqual(bandsSince(bands, 55), bands.slice(1));
});

test('what lasts at once has rows of its own, as long as there are rows', () => {
  const band = (from: number, until: number | null) => ({ kind: 'fault', from, until, label: `${from}` }) as const;
  const chaos = { ...band(0, null), kind: 'chaos' } as const;
  const rows = lanesOf([band(1, 4), band(2, 3), band(3, null), band(5, null), band(6, null), band(7, 8), chaos]);
  assert.deepEqual(
    rows.map((row) => row.map(({ from }) => from)),
    [[0], [2, 3], [1, 5], [6, 7]],
  );
});

test('a server’s faults are those of the events, and those that it has now with their newest figures', () => {
  const events = [
    faultEvent(4, { ...LOSS, since: 90, parameters: { loss_ratio: 0.1 } }, null),
    faultEvent(3, LOSS, 30),
    faultEvent(3, LOSS, null),
    faultEvent(2, LOSS, 10),
    faultEvent(2, LOSS, null),
    { ...faultEvent(1, { ...LOSS, since: 40 }, null), server_id: 6 },
  ];
  const verdict = { ...VERDICT, faults: [{ ...LOSS, since: 90 }, { ...LOSS, kind: 'observer' } as const] };
  const told = serverFaults(SUBJECT, { verdict, rack: { faults: [] }, events });
  assert.deepEqual(
    told.map(({ fault, until, words }) => [words.replace('\u202f', ' '), fault.since, until]),
    [
      ['loss 20 %', 50, 80],
      ['loss 20 %', 90, null],
    ],
  );
});

test('what a server has with its rack is the rack’s, also where it was the server’s at first', () => {
  const shift = { ...LOSS, kind: 'delay-shift', parameters: { servers: 4, shift_seconds: 0.05 } } as const;
  const verdict = { ...VERDICT, faults: [{ ...shift, kind: 'rack-wide' } as const] };
  const events = [{ ...faultEvent(2, shift, null), server_id: null }, faultEvent(1, { ...shift, since: 50.5 }, null)];
  const words = (serverIds: readonly number[]) =>
    serverFaults(SUBJECT, { verdict, rack: { faults: [{ ...shift, server_ids: serverIds }] }, events }).map((told) =>
      told.words.replace('\u202f', ' '),
    );
  assert.deepEqual(words([4, 5, 6]), ['rack: delay +50 ms']);
  const others = serverFaults(SUBJECT, {
    verdict: VERDICT,
    rack: { faults: [{ ...shift, server_ids: [1, 2, 3] }] },
    events: events.slice(0, 1),
  });
  assert.deepEqual(others, [], 'a server that does not have it');
});

function faultEvent(id: number, fault: Fault, durationSeconds: number | null): FaultEvent {
  return {
    id,
    timestamp: id,
    scope: 'fault',
    rack_id: 2,
    server_id: 5,
    name: null,
    from: durationSeconds === null ? null : 'begun',
    to: durationSeconds === null ? 'begun' : 'ended',
    spectral_error: null,
    health_score: null,
    fault: { ...fault, duration_seconds: durationSeconds },
  };
}

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
