import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RackHealth, Verdict } from '../../src/core/verdict.ts';
import { filterRacks } from '../../src/web/house/filter.ts';
import { layoutHouse, nextCell, type CellPlace, type Direction } from '../../src/web/house/house-layout.ts';
import { chaosSpans, faultSpans, floorOf, illSpans, racksToShow, scoreLine } from '../../src/web/house/recent-spans.ts';
import type { DatacenterEvent } from '../../src/wire/api/datacenter-event.ts';
import { nowhereWords } from '../../src/web/words/nowhere-words.ts';
import { titleWords } from '../../src/web/words/title-words.ts';
import { pathOfView, viewOfPath } from '../../src/web/store/view.ts';

test('few servers are rows, thousands are tiles, and the reader may choose', () => {
  const few = { counts: [8, 8, 8, 8], largestRack: 8, widthPx: 1240, wanted: null };
  assert.deepEqual(layoutHouse(few), { density: 'rows', panelsAcross: 4, cellsAcross: 1 });
  assert.equal(layoutHouse({ ...few, widthPx: 366 }).panelsAcross, 1);
  const many = { counts: Array<number>(100).fill(40), largestRack: 40, widthPx: 1240, wanted: null };
  assert.deepEqual(layoutHouse(many), { density: 'tiles', panelsAcross: 4, cellsAcross: 10 });
  assert.equal(layoutHouse({ ...many, wanted: 'rows' }).density, 'rows');
  assert.equal(layoutHouse({ ...many, widthPx: 120 }).panelsAcross, 1);
  const high = { counts: [40, 40, 40], largestRack: 40, widthPx: 1240, wanted: null };
  assert.equal(layoutHouse(high).density, 'rows');
  assert.equal(
    layoutHouse({ ...high, widthPx: 800 }).density,
    'tiles',
    'beside a panel two rows of racks are too high',
  );
  assert.equal(layoutHouse({ ...high, widthPx: 800, largestRack: 1 }).density, 'tiles', 'also when filtered');
});

function walk(from: CellPlace, steps: readonly Direction[], across: { panels: number; cells: number }): CellPlace {
  const layout = { density: 'tiles', panelsAcross: across.panels, cellsAcross: across.cells } as const;
  const counts = [5, 5, 2];
  return steps.reduce((place, step) => nextCell(place, step, { counts, layout }), from);
}

test('arrows go from cell to cell, over to the next rack, and stop at the edge', () => {
  // Two racks side by side and one below; cells 0 1 2 over 3 4.
  const across = { panels: 2, cells: 3 };
  const start = { rack: 0, server: 0 };
  assert.deepEqual(walk(start, ['left', 'up'], across), start);
  assert.deepEqual(walk(start, ['right', 'right'], across), { rack: 0, server: 2 });
  assert.deepEqual(walk(start, ['right', 'right', 'right'], across), { rack: 1, server: 0 });
  assert.deepEqual(walk(start, ['right', 'right', 'right', 'left'], across), { rack: 0, server: 2 });
  assert.deepEqual(walk(start, ['down'], across), { rack: 0, server: 3 });
  assert.deepEqual(walk(start, ['down', 'down'], across), { rack: 2, server: 0 });
  assert.deepEqual(walk(start, ['down', 'down', 'up'], across), { rack: 0, server: 3 });
  assert.deepEqual(walk({ rack: 0, server: 2 }, ['down'], across), { rack: 0, server: 4 }, 'the line is shorter');
  assert.deepEqual(walk({ rack: 1, server: 4 }, ['down', 'right'], across), { rack: 1, server: 4 }, 'nothing is there');
});

function rack(rackId: number, ...servers: readonly Partial<Verdict>[]): RackHealth {
  const unknown = { snr_db: null, delay_seconds: null, jitter_seconds: null, clock_skew_ppm: null, last_heard: null };
  const known = { expected_frequency_hz: 1, sample_rate_hz: 20, faults: [], loss_ratio: 0, spectral_error: 0 };
  return {
    rack_id: rackId,
    health_score: 1,
    status: 'healthy',
    last_report: 1,
    faults: [],
    servers: servers.map((server, id) => {
      return { ...unknown, ...known, rack_id: rackId, server_id: id, name: null, status: 'healthy', ...server };
    }),
  };
}

function found(racks: readonly RackHealth[], filter: string): string[] {
  return filterRacks(racks, filter).flatMap(({ servers }) => servers.map((of) => `${of.rack_id}/${of.server_id}`));
}

test('a filter finds by name, place, status and trouble; all its words must match', () => {
  const racks = [
    rack(0, { name: 'db-1' }, { name: 'web-1', status: 'critical', spectral_error: 0.6, loss_ratio: 0.4 }),
    rack(2, { name: 'DB-2' }, {}, { status: 'warning', loss_ratio: 0.2 }),
  ];
  assert.equal(filterRacks(racks, ' '), racks);
  assert.deepEqual(found(racks, 'db'), ['0/0', '2/0']);
  assert.deepEqual(found(racks, 'rack 2'), ['2/0', '2/1', '2/2']);
  assert.deepEqual(found(racks, 'rack 2 loss'), ['2/2']);
  assert.deepEqual(found(racks, '2/1'), ['2/1']);
  assert.deepEqual(found(racks, 'server 0'), ['0/0', '2/0']);
  assert.deepEqual(found(racks, 'critical'), ['0/1']);
  assert.deepEqual(found(racks, 'nobody'), []);
  assert.equal(filterRacks(racks, 'rack 2')[0], racks[1], 'a rack that is shown whole is the same object');
});

test('a line of scores is broken where reports are missing', () => {
  const [times, scores] = scoreLine({ timestamps: [1, 2, 12, 13], health_score: [1, null, 0.5, 0.6] });
  assert.deepEqual(times, [1, 2, 7, 12, 13]);
  assert.deepEqual(scores, [1, null, null, 0.5, 0.6]);
});

function statusEvent(at: number, serverId: number | null, to: 'healthy' | 'critical'): DatacenterEvent {
  const subject = {
    scope: serverId === null ? 'rack' : 'server',
    rack_id: 1,
    server_id: serverId,
    name: null,
  } as const;
  return { id: at, timestamp: at, ...subject, from: null, to, spectral_error: null, health_score: null };
}

test('a rack is ill while any of its servers is', () => {
  const oldestFirst = [
    statusEvent(10, 0, 'critical'),
    statusEvent(20, 1, 'critical'),
    statusEvent(30, 0, 'healthy'),
    statusEvent(40, 1, 'healthy'),
    statusEvent(60, null, 'critical'),
  ];
  const events = oldestFirst.toReversed();
  assert.deepEqual(illSpans(1, events, 100), [
    { from: 10, until: 40 },
    { from: 60, until: 100 },
  ]);
  assert.deepEqual(illSpans(0, events, 100), []);
});

function faultEvent(
  at: number,
  serverId: number | null,
  duration: number | null,
  severity: 'info' | 'warning',
): DatacenterEvent {
  const fault = {
    kind: 'loss',
    since: at,
    severity,
    confidence: 1,
    parameters: {},
    duration_seconds: duration,
  } as const;
  const deed = duration === null ? ({ from: null, to: 'begun' } as const) : ({ from: 'begun', to: 'ended' } as const);
  const subject = { scope: 'fault', rack_id: 1, server_id: serverId, name: null } as const;
  return { id: at, timestamp: at, ...subject, ...deed, spectral_error: null, health_score: null, fault };
}

test('faults that overlap are one stretch of a rack; those that are only worth a look are none', () => {
  const events = [
    faultEvent(90, null, null, 'warning'),
    faultEvent(20, 1, 30, 'warning'),
    faultEvent(20, 1, null, 'warning'),
    faultEvent(10, 0, 15, 'warning'),
    faultEvent(10, 0, null, 'warning'),
    faultEvent(5, 2, null, 'info'),
  ];
  assert.deepEqual(faultSpans(1, events, 100), [
    { from: 10, until: 50 },
    { from: 90, until: 100 },
  ]);
  assert.deepEqual(faultSpans(0, events, 100), []);
});

test('chaos lasts to its end, or to now', () => {
  const notice = {
    id: 'aaaaaaaaaaaa',
    target: 'lab',
    scope: 'rack 1',
    kinds: ['loss'],
    description: 'loss 20 %',
    servers: [{ rack_id: 1, server_ids: [0] }],
    began_at: 10,
    until: 70,
  };
  const none = { rack_id: null, server_id: null, spectral_error: null, health_score: null } as const;
  const over: DatacenterEvent = {
    ...none,
    id: 2,
    timestamp: 30,
    scope: 'chaos',
    name: 'rack 1',
    from: 'begun',
    to: 'ended',
    chaos: { ...notice, reason: 'expired' },
  };
  assert.deepEqual(chaosSpans(1, { active: [], events: [over] }, 50), [{ from: 10, until: 30 }]);
  assert.deepEqual(chaosSpans(1, { active: [notice], events: [] }, 50), [{ from: 10, until: 50 }]);
  assert.deepEqual(chaosSpans(0, { active: [notice], events: [over] }, 50), []);
});

test('where there is no room for all racks, those that were worst are shown', () => {
  const history = new Map([1, 2, 3].map((id) => [id, { timestamps: [1, 2], health_score: [1, 1 - id / 10] }]));
  assert.deepEqual(racksToShow(history, 3), [1, 2, 3]);
  assert.deepEqual(racksToShow(history, 2), [2, 3]);
  assert.equal(floorOf(history, [1]), 0.8);
  assert.equal(floorOf(history, [1, 3]), 0.5);
  assert.equal(floorOf(new Map([[0, { timestamps: [1], health_score: [0.4] }]]), [0]), 0);
});

test('a view and its path say the same', () => {
  for (const path of ['/', '/events', '/racks/2/servers/15']) assert.equal(pathOfView(viewOfPath(path)), path);
  assert.deepEqual(viewOfPath('/racks/x/servers/1'), { kind: 'nowhere', path: '/racks/x/servers/1', rackId: null });
  assert.deepEqual(viewOfPath('/racks/99'), { kind: 'nowhere', path: '/racks/99', rackId: 99 });
  assert.equal(pathOfView(viewOfPath('/racks/99')), '/racks/99');
});

test('an address at which nothing is says what there is', () => {
  const missing = { path: '/racks/99', rackId: 99 };
  assert.equal(nowhereWords(missing, [0, 1, 2]), 'The controller knows no rack 99. It knows the racks 0, 1 and 2.');
  assert.match(nowhereWords(missing, [98, 99]), /has no page of its own: it is shown in the house/);
  assert.equal(nowhereWords(missing, null), 'Rack 99 has no page of its own.');
  assert.equal(nowhereWords({ path: '/racks/x', rackId: null }, [0]), 'There is nothing at /racks/x.');
  assert.match(nowhereWords(missing, [...Array(40).keys()]), /40 racks, from 0 to 39/);
});

test('the title of a tab says how it stands and what it shows', () => {
  const facts = { view: viewOfPath('/'), serverName: null, isLost: false, ill: 0, datacenter: 'dc0' };
  assert.equal(titleWords(facts), 'dc0 · NetWatch');
  const server = { ...facts, view: viewOfPath('/racks/2/servers/5'), serverName: 'db-17', ill: 3 };
  assert.equal(titleWords(server), '3 ill · Rack 2, server 5 (db-17) · dc0 · NetWatch');
  assert.equal(titleWords({ ...server, isLost: true, view: viewOfPath('/events') }), 'lost · Events · dc0 · NetWatch');
});
