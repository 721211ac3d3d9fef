import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiQuery, filterOf, isShown, type EventFilter } from '../../src/web/events/event-filter.ts';
import { hasGap, hasOlder, isSamePast, joined, NONE_LOADED, withPage } from '../../src/web/events/event-pool.ts';
import { countWords, filterProblems } from '../../src/web/events/list-words.ts';
import { eventSentence, eventWords, isIllEvent } from '../../src/web/events/event-words.ts';
import { timeWords } from '../../src/web/words/number-words.ts';
import type { ChaosEvent, FaultEvent, StatusEvent } from '../../src/wire/api/datacenter-event.ts';

const NOW = 1_800_000_000;
const ILL: StatusEvent = {
  id: 7,
  timestamp: NOW,
  scope: 'server',
  rack_id: 2,
  server_id: 5,
  name: 'r2-s5',
  from: 'healthy',
  to: 'critical',
  spectral_error: 0.21,
  health_score: null,
};
const RACK: StatusEvent = {
  ...ILL,
  id: 8,
  scope: 'rack',
  server_id: null,
  name: null,
  to: 'degraded',
  spectral_error: null,
  health_score: 0.7512,
};
const CHAOS: ChaosEvent = {
  id: 9,
  timestamp: NOW,
  scope: 'chaos',
  rack_id: null,
  server_id: null,
  name: 'rack 2 servers 4-5',
  from: null,
  to: 'begun',
  spectral_error: null,
  health_score: null,
  chaos: {
    id: '0123456789ab',
    target: 'lab',
    scope: 'rack 2 servers 4-5',
    kinds: ['loss'],
    description: 'loss 20 %',
    servers: [{ rack_id: 2, server_ids: [4, 5] }],
    began_at: NOW,
    until: NOW + 60,
    reason: null,
  },
};
const UNFILTERED = filterOf({ scope: null, fault: null, rack: null, server: null, text: null, ill: null });

const LOSS: FaultEvent = {
  ...ILL,
  id: 10,
  scope: 'fault',
  rack_id: 2,
  from: null,
  to: 'begun',
  spectral_error: null,
  health_score: null,
  fault: {
    kind: 'loss',
    since: NOW - 5,
    severity: 'warning',
    confidence: 0.9999,
    parameters: { loss_ratio: 0.052 },
    duration_seconds: null,
  },
};

const ended = (reason: 'cleared' | 'expired' | 'failed'): ChaosEvent => ({
  ...CHAOS,
  from: 'begun',
  to: 'ended',
  chaos: { ...CHAOS.chaos, reason },
});

test('an event is a sentence', () => {
  const at = timeWords(NOW);
  assert.equal(eventSentence(ILL), `Rack 2, server 5 (r2-s5): healthy → critical at ${at}, error 0.210.`);
  assert.equal(
    eventSentence({ ...ILL, from: null, spectral_error: null, name: null }),
    `Rack 2, server 5: first heard → critical at ${at}.`,
  );
  assert.equal(eventSentence(RACK), `Rack 2: healthy → degraded at ${at}, score 0.751.`);
  assert.match(
    eventSentence({ ...RACK, scope: 'datacenter', rack_id: null, name: 'dc-1' }),
    /^Datacenter dc-1: healthy/,
  );
});

test('chaos says what, where and until when, and how it ended', () => {
  assert.equal(
    eventSentence(CHAOS),
    `Rack 2 servers 4-5: chaos began: loss 20 % at ${timeWords(NOW)}, until ${timeWords(NOW + 60)}.`,
  );
  assert.equal(eventWords(ended('cleared')).detail, 'undone');
  assert.equal(eventWords(ended('expired')).detail, 'its time was over');
  assert.match(eventWords(ended('failed')).detail, /failed/);
});

const lossOver: FaultEvent = { ...LOSS, from: 'begun', to: 'ended', fault: { ...LOSS.fault, duration_seconds: 240 } };

test('a fault says what began, since when it was heard, and how long it lasted', () => {
  const [at, since] = [timeWords(NOW), timeWords(NOW - 5)];
  const said = (event: FaultEvent) => eventSentence(event).replaceAll('\u202f', ' ');
  const who = 'Rack 2, server 5 (r2-s5)';
  assert.equal(said(LOSS), `${who}: loss 5.2 % began at ${at}, heard since ${since}, sure to 99.9 %.`);
  assert.equal(said(lossOver), `${who}: loss 5.2 % ended at ${at}, after 4 min.`);
  const parameters = { period_seconds: 5, delay_seconds: 0.02, pulse_seconds: 0.3, p_value: 1e-9, servers: 6 };
  const stalls: FaultEvent = { ...LOSS, server_id: null, fault: { ...LOSS.fault, kind: 'periodic-delay', parameters } };
  assert.equal(
    said(stalls),
    `Rack 2: periodic stalls began: every 5.0 s, 20 ms of delay for 300 ms on 6 servers at ${at}, heard since ${since}, p = 1e−9.`,
  );
  const silent: FaultEvent = { ...LOSS, fault: { ...LOSS.fault, kind: 'silent', parameters: { silent_seconds: 2 } } };
  assert.match(said(silent), /: silence began at/);
  const late: FaultEvent = { ...LOSS, server_id: null, fault: { ...LOSS.fault, kind: 'observer', parameters: {} } };
  assert.equal(said(late), `Rack 2: lateness of the controller itself began at ${at}.`);
});

test('what is ill', () => {
  const note: FaultEvent = { ...LOSS, fault: { ...LOSS.fault, severity: 'info' } };
  assert.deepEqual([LOSS, lossOver, note].map(isIllEvent), [true, false, false]);
  assert.deepEqual([ILL, RACK, { ...ILL, to: 'healthy' as const }, CHAOS].map(isIllEvent), [true, true, false, false]);
  assert.equal(isIllEvent(ended('failed')), true);
});

test('the parameters of a URL are a filter; what cannot be is left out', () => {
  assert.deepEqual(filterOf({ scope: 'rack', fault: 'loss', rack: '2', server: '5', text: ' db ', ill: '1' }), {
    scope: 'rack',
    fault: 'loss',
    rackId: 2,
    serverId: 5,
    text: 'db',
    onlyIll: true,
  });
  assert.deepEqual(
    filterOf({ scope: 'planet', fault: 'rain', rack: '-1', server: 'x', text: null, ill: '0' }),
    UNFILTERED,
  );
});

test('what of a filter is not understood is told, a sentence each', () => {
  const understood = { scope: 'rack', fault: 'jitter', rack: '2', server: '', text: 'db', ill: '1' };
  assert.deepEqual(filterProblems(understood), []);
  const nonsense = filterProblems({ ...understood, scope: 'foo', fault: 'rain', rack: 'abc', server: '-1' });
  assert.match(nonsense[0] ?? '', /about “foo”: allowed is server, rack, datacenter, fault or chaos/);
  assert.deepEqual(
    nonsense.slice(1).map((words) => words.slice(0, 28)),
    ['There is no fault “rain”: al', 'Rack “abc” is no number: all', 'Server “-1” is no number: al'],
  );
});

test('an empty list says why it is empty', () => {
  assert.match(countWords({ shown: 0, known: 0 }), /since this controller began/);
  assert.match(countWords({ shown: 0, known: 7 }), /No event matches the filter: none of the latest 7/);
  assert.equal(countWords({ shown: 1, known: 1 }), '1 event');
  assert.equal(countWords({ shown: 3, known: 7 }), '3 of the latest 7 events');
});

test('older events are offered only where there may be any', () => {
  const live = (...ids: number[]) => ids.map((id) => ({ ...ILL, id }));
  assert.equal(hasOlder([], NONE_LOADED), false);
  assert.equal(hasOlder(live(3, 2, 1), NONE_LOADED), false);
  assert.equal(hasOlder(live(30, 29), NONE_LOADED), true);
  assert.equal(hasOlder(live(30, 29), { next: 12 }), true);
  assert.equal(hasOlder(live(30, 29), { next: null }), false);
});

test('the filter shows what it says', () => {
  const shown = (changes: Partial<EventFilter>) =>
    [ILL, RACK, CHAOS, LOSS].filter((event) => isShown(event, { ...UNFILTERED, ...changes })).map(({ id }) => id);
  assert.deepEqual(shown({}), [7, 8, 9, 10]);
  assert.deepEqual(shown({ scope: 'rack' }), [8]);
  assert.deepEqual(shown({ rackId: 2 }), [7, 8, 9, 10]);
  assert.deepEqual(shown({ rackId: 2, serverId: 5 }), [7, 9, 10]);
  assert.deepEqual(shown({ scope: 'fault' }), [10]);
  assert.deepEqual(shown({ fault: 'loss' }), [10]);
  assert.deepEqual(shown({ fault: 'jitter' }), []);
  assert.deepEqual(shown({ fault: 'rack-wide' }), []);
  const ofRack: FaultEvent = { ...LOSS, server_id: null };
  assert.ok(isShown(ofRack, { ...UNFILTERED, fault: 'rack-wide' }), 'what most servers of a rack had');
  assert.deepEqual(shown({ rackId: 3 }), []);
  assert.deepEqual(shown({ serverId: 3 }), []);
  assert.deepEqual(shown({ onlyIll: true }), [7, 8, 10]);
  assert.deepEqual(shown({ text: 'LOSS 20' }), [9]);
  assert.deepEqual(shown({ text: 'r2-s5 critical' }), [7]);
});

test('the controller is asked for what it can sort out', () => {
  assert.deepEqual(apiQuery(UNFILTERED), {});
  assert.deepEqual(
    apiQuery({ ...UNFILTERED, scope: 'server', fault: 'loss', rackId: 0, serverId: 3, text: 'x', onlyIll: true }),
    {
      scope: 'server',
      fault: 'loss',
      rack: '0',
      server: '3',
      to: 'warning,degraded,critical,silent,begun,ended',
    },
  );
});

test('pages are put behind one another, each event once', () => {
  const page = (ids: readonly number[], next: number | null) => ({ events: ids.map((id) => ({ ...ILL, id })), next });
  const first = withPage(NONE_LOADED, page([9, 8], 8), 10);
  const second = withPage(first, page([8, 7, 3], null), 8);
  assert.deepEqual([second.events.map(({ id }) => id), second.next], [[9, 8, 7, 3], null]);
  assert.deepEqual(
    joined([{ ...ILL, id: 10 }], second.events).map(({ id }) => id),
    [10, 9, 8, 7, 3],
  );
});

test('what was loaded is of no use once the latest have moved on from it: what lies between is not known', () => {
  const older = withPage(NONE_LOADED, { events: [{ ...ILL, id: 9 }], next: null }, 10);
  const latest = (...ids: readonly number[]) => ids.map((id) => ({ ...ILL, id }));
  assert.equal(hasGap(latest(12, 11, 10), older), false);
  assert.equal(hasGap(latest(13, 12, 11), older), true);
  assert.equal(hasGap(latest(13, 12, 11), NONE_LOADED), false);
  assert.equal(hasGap([], older), false);
});

test('a controller that began anew has another past', () => {
  const live = [
    { ...ILL, id: 4, timestamp: NOW + 9 },
    { ...ILL, id: 3, timestamp: NOW + 8 },
  ];
  assert.equal(isSamePast(live, [{ ...ILL, id: 9 }]), false);
  assert.equal(isSamePast(live, [{ ...ILL, id: 3, timestamp: NOW }]), false);
  assert.equal(isSamePast(live, [{ ...ILL, id: 3, timestamp: NOW + 8 }]), true);
  assert.equal(isSamePast(live, [{ ...ILL, id: 2 }]), true);
  assert.equal(isSamePast([], [ILL]), true);
});
