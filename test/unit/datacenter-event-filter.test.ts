import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultKind } from '../../src/core/verdict.ts';
import { findEvents, type EventQuery } from '../../src/datacenter/event-filter.ts';
import { EventRing, type Happening } from '../../src/datacenter/events.ts';
import { noticeOf } from '../support/chaos-notices.ts';
import { FAULT } from '../support/wire-values.ts';

const STATUS = { timestamp: 1, name: null, from: 'healthy', spectral_error: null, health_score: null } as const;

function serverEvent(rackId: number, serverId: number, to: 'critical' | 'healthy' = 'critical'): Happening {
  return { ...STATUS, scope: 'server', rack_id: rackId, server_id: serverId, to };
}

function rackEvent(rackId: number): Happening {
  return { ...STATUS, scope: 'rack', rack_id: rackId, server_id: null, to: 'degraded' };
}

/** On servers 0, 1 and 2 of rack 0. */
function chaosEvent(): Happening {
  const same = { rack_id: null, server_id: null, spectral_error: null, health_score: null } as const;
  return {
    ...same,
    timestamp: 1,
    scope: 'chaos',
    name: 'rack 0',
    from: null,
    to: 'begun',
    chaos: { ...noticeOf(), reason: null },
  };
}

function faultEvent(serverId: number | null, kind: FaultKind, to: 'begun' | 'ended' = 'begun'): Happening {
  const from = to === 'begun' ? null : 'begun';
  const fault = { ...FAULT, kind, duration_seconds: to === 'begun' ? null : 4 };
  return { ...STATUS, from, scope: 'fault', rack_id: 2, server_id: serverId, to, spectral_error: null, fault };
}

function ringOf(happenings: readonly Happening[], capacity = 100): EventRing {
  const ring = new EventRing(capacity);
  for (const happening of happenings) ring.push(happening);
  return ring;
}

function ask(ring: EventRing, query: Partial<EventQuery>): { ids: number[]; next: number | null } {
  const { events, next } = findEvents(ring, { limit: 100, ...query });
  return { ids: events.map(({ id }) => id), next };
}

// Ids 1 to 6.
const MIXED = [
  serverEvent(0, 1),
  serverEvent(0, 5),
  rackEvent(0),
  chaosEvent(),
  serverEvent(1, 1),
  serverEvent(0, 1, 'healthy'),
];

const FILTERS: readonly [Partial<EventQuery>, number[]][] = [
  [{}, [6, 5, 4, 3, 2, 1]],
  [{ rack: 0 }, [6, 4, 3, 2, 1]],
  [{ rack: 1 }, [5]],
  [{ rack: 9 }, []],
  [{ rack: 0, server: 1 }, [6, 4, 1]],
  [{ rack: 0, server: 5 }, [2]],
  [{ server: 1 }, [6, 5, 4, 1]],
  [{ scope: ['server'] }, [6, 5, 2, 1]],
  [{ scope: ['chaos', 'rack'] }, [4, 3]],
  [{ to: ['critical'] }, [5, 2, 1]],
  [{ to: ['degraded', 'begun'] }, [4, 3]],
  [{ rack: 0, scope: ['server'], to: ['critical'] }, [2, 1]],
];
for (const [query, ids] of FILTERS) {
  test(`events that are ${JSON.stringify(query)}`, () => {
    assert.deepEqual(ask(ringOf(MIXED), query), { ids, next: null });
  });
}

// Ids 1 to 7.
const FAULTS = [
  serverEvent(2, 1),
  faultEvent(1, 'loss'),
  faultEvent(null, 'loss'),
  faultEvent(1, 'loss', 'ended'),
  faultEvent(2, 'jitter'),
  faultEvent(null, 'observer'),
  // Of a rack that does not say what its servers have in common.
  faultEvent(null, 'rack-wide'),
];

const FAULT_FILTERS: readonly [Partial<EventQuery>, number[]][] = [
  [{ scope: ['fault'] }, [7, 6, 5, 4, 3, 2]],
  [{ fault: ['loss'] }, [4, 3, 2]],
  [{ fault: ['jitter', 'silent'] }, [5]],
  [{ fault: ['loss'], to: ['begun'] }, [3, 2]],
  [{ fault: ['loss'], rack: 2, server: 1, to: ['ended'] }, [4]],
  [{ fault: ['loss'], scope: ['server'] }, []],
  [{ fault: ['rack-wide'] }, [7, 3]],
  [{ fault: ['rack-wide', 'jitter'] }, [7, 5, 3]],
  [{ fault: ['observer'] }, [6]],
];
for (const [query, ids] of FAULT_FILTERS) {
  test(`events among faults that are ${JSON.stringify(query)}`, () => {
    assert.deepEqual(ask(ringOf(FAULTS), query), { ids, next: null });
  });
}

test('page by page into the past every event is met once, and the last page says so', () => {
  const ring = ringOf(Array.from({ length: 10 }, (_, n) => serverEvent(n % 2, n)));
  const first = ask(ring, { limit: 3, rack: 1 });
  assert.deepEqual(first, { ids: [10, 8, 6], next: 5 });
  ring.push(serverEvent(1, 99));
  assert.deepEqual(ask(ring, { limit: 3, rack: 1, before: first.next ?? 0 }), { ids: [4, 2], next: null });
  // Exactly a page is left.
  assert.deepEqual(ask(ring, { limit: 2, rack: 1, before: 5 }), { ids: [4, 2], next: null });
  assert.deepEqual(ask(ring, { before: 1 }), { ids: [], next: null });
});

test('who asks for what is new gets the oldest of it first, and goes on where he was', () => {
  const ring = ringOf(Array.from({ length: 5 }, (_, n) => serverEvent(0, n)));
  const first = ask(ring, { limit: 2, after: 1 });
  assert.deepEqual(first, { ids: [3, 2], next: 3 });
  const second = ask(ring, { limit: 2, after: 3 });
  assert.deepEqual(second, { ids: [5, 4], next: 5 });
  assert.deepEqual(ask(ring, { after: 5 }), { ids: [], next: 5 });
  ring.push(serverEvent(0, 9));
  // What the filter leaves out is passed too.
  assert.deepEqual(ask(ring, { after: 5, rack: 7 }), { ids: [], next: 6 });
});

test('an id from before a new start finds all that happened since', () => {
  assert.deepEqual(ask(ringOf(MIXED.slice(0, 2)), { after: 500 }), { ids: [2, 1], next: 2 });
});

test('what the ring forgot is not found, and is not offered', () => {
  const ring = ringOf(
    Array.from({ length: 10 }, (_, n) => serverEvent(0, n)),
    4,
  );
  assert.equal(ring.oldestId, 7);
  assert.equal(ring.at(6), undefined);
  assert.equal(ring.at(11), undefined);
  assert.equal(ring.at(7)?.id, 7);
  assert.deepEqual(ask(ring, { limit: 4 }), { ids: [10, 9, 8, 7], next: null });
  assert.deepEqual(ask(ring, { limit: 2, after: 0 }), { ids: [8, 7], next: 8 });
});

test('of a ring in which nothing happened there is nothing', () => {
  assert.deepEqual(ask(ringOf([]), {}), { ids: [], next: null });
  assert.deepEqual(ask(ringOf([]), { after: 0 }), { ids: [], next: 0 });
});
