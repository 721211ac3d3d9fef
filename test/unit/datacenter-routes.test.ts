import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import { ChaosJournal } from '../../src/datacenter/chaos-journal.ts';
import { ChaosRejections } from '../../src/datacenter/chaos-rejections.ts';
import { ConnectionCounts } from '../../src/datacenter/connection-counts.ts';
import { createDatacenterMetrics } from '../../src/datacenter/datacenter-metrics.ts';
import { createApiRoutes, createMetricsRoutes } from '../../src/datacenter/datacenter-routes.ts';
import { RackLines } from '../../src/datacenter/live/rack-lines.ts';
import { SocketCounts } from '../../src/datacenter/live/socket-counts.ts';
import { createHealthText } from '../../src/datacenter/health-text.ts';
import type { IncidentList } from '../../src/wire/api/incident.ts';
import { encodeIncidentAnswer, parseIncidentAnswer } from '../../src/wire/incident-answer.ts';
import { createRouter } from '../../src/io/http-router.ts';
import { START_SECONDS, aggregateOf, give, minimalReport, reportOf, serversOf } from '../support/datacenter-reports.ts';
import { LOSSY, verdictOf } from '../support/health-trees.ts';
import { INCIDENT } from '../support/incidents.ts';

function open({ maxEvents = 10, isReady = true, nowSeconds = START_SECONDS } = {}) {
  const aggregate = aggregateOf({ numRacks: 2, maxEvents });
  const connections = new ConnectionCounts();
  const socketCounts = new SocketCounts();
  const { watches, incidents } = new RackLines({ aggregate, nowSeconds: () => nowSeconds });
  const chaos = { chaos: new ChaosJournal(aggregate.events), chaosRejections: new ChaosRejections() };
  const metrics = createDatacenterMetrics({ version: '1.2.3', aggregate, connections, ...chaos, socketCounts });
  const anchor = { wallSeconds: nowSeconds, monotonicSeconds: 0 };
  const clock = { anchor, nowSeconds: () => nowSeconds };
  const about = { aggregate, clock, metrics, maxEvents, isReady: () => isReady };
  const options = {
    ...about,
    ...chaos,
    controlToken: null,
    chaosControl: null,
    apiToken: null,
    allowedOrigins: [],
    isOnLoopback: false,
    runbooks: { index: null, pages: new Map() },
    pageFiles: new Map(),
    version: '1.2.3',
    watches,
    incidents,
  };
  const asker = (router: ReturnType<typeof createRouter>) => async (path: string) => {
    const { status, body, contentType } = await router('GET', path);
    return { status, contentType, body: String(body) };
  };
  const api = asker(createRouter(createApiRoutes(options)));
  const ofMetricsPort = asker(createRouter(createMetricsRoutes(options)));
  return { aggregate, connections, metrics, incidents, api, ofMetricsPort };
}

describe('the API', () => {
  test('gives the whole tree', async () => {
    const { aggregate, api } = open();
    give(aggregate, reportOf(0));
    const { status, contentType, body } = await api('/api/v1/health');
    assert.deepEqual({ status, contentType }, { status: 200, contentType: 'application/json; charset=utf-8' });
    assert.deepEqual(JSON.parse(body), aggregate.health(START_SECONDS));
  });

  test('gives capsules of a kind, also those of what most of a rack had', async () => {
    const { aggregate, incidents, api } = open();
    give(aggregate, reportOf(1));
    const entry = { ...INCIDENT, bytes: 1000, is_complete: true };
    const all = [
      { ...entry, incident_id: 'own', kind: 'loss' },
      { ...entry, incident_id: 'shared', kind: 'rack-wide', shared_kind: 'loss' },
      { ...entry, incident_id: 'other', kind: 'rack-wide', shared_kind: 'jitter' },
      { ...entry, incident_id: 'of-an-older-rack', kind: 'rack-wide' },
    ] as const;
    incidents.heard(1, 4, 7);
    const told = { type: 'incidents', rack_id: 1, revision: 4, incidents: all } as const;
    incidents.take(parseIncidentAnswer(encodeIncidentAnswer(told)) ?? assert.fail('it is not understood'));
    const found = async (query: string) =>
      (JSON.parse((await api(`/api/v1/incidents${query}`)).body) as IncidentList).incidents;
    assert.deepEqual(await found('?kind=loss'), [all[0], all[1]], 'as the rack told them');
    assert.deepEqual(await found('?kind=rack-wide'), all.slice(1));
    assert.deepEqual(await found(''), all);
  });

  test('gives racks without their servers, but how many there are of each status', async () => {
    const { aggregate, api } = open();
    const servers = [...serversOf(0, 2), verdictOf(0, 2, LOSSY)];
    give(aggregate, reportOf(0, { servers, name: 'row 7' }));
    const racks = JSON.parse((await api('/api/v1/racks')).body) as Record<string, unknown>[];
    assert.deepEqual(racks[0], {
      rack_id: 0,
      name: 'row 7',
      health_score: aggregate.rack(0)?.health.health_score,
      status: aggregate.rack(0)?.health.status,
      last_report: START_SECONDS,
      faults: [],
      server_counts: { healthy: 2, warning: 0, critical: 1, warming: 0, silent: 0 },
      history: aggregate.history.rack(0),
    });
    assert.deepEqual(
      racks.map((rack) => rack['rack_id']),
      [0, 1],
    );
    give(aggregate, reportOf(0, { sequence: 2 }));
    assert.deepEqual(JSON.parse((await api('/api/v1/racks')).body), racks, 'made once a second');
  });

  test('gives a rack with its servers, and a server that is expected no more with its past alone', async () => {
    const { aggregate, api } = open();
    give(aggregate, reportOf(0));
    give(aggregate, reportOf(0, { sequence: 2, timestamp: START_SECONDS + 1, servers: serversOf(0, 1) }));
    const said = async (path: string) => JSON.parse((await api(path)).body) as unknown;
    const history = aggregate.history.rack(0);
    assert.deepEqual(await said('/api/v1/racks/0'), { ...aggregate.rack(0)?.health, name: null, history });
    const [verdict] = aggregate.rack(0)?.health.servers ?? [];
    assert.deepEqual(await said('/api/v1/racks/0/servers/0'), { verdict, history: aggregate.history.server(0, 0) });
    const gone = aggregate.history.server(0, 1);
    assert.deepEqual(gone.timestamps, [START_SECONDS]);
    assert.deepEqual(await said('/api/v1/racks/0/servers/1'), { verdict: null, history: gone });
  });

  test('gives events, newest first, as many as asked for', async () => {
    const { aggregate, api } = open({ maxEvents: 10 });
    for (let round = 0; round < 12; round++) give(aggregate, minimalReport(0, { health_score: round % 2 }));
    const idsOf = async (path: string) => {
      const { status, body } = await api(path);
      assert.equal(status, 200);
      const { events } = JSON.parse(body) as { events: { id: number }[] };
      return events.map((event) => event.id);
    };
    const { total } = aggregate.events;
    assert.deepEqual(await idsOf('/api/v1/events?limit=2'), [total, total - 1]);
    assert.equal((await idsOf('/api/v1/events')).length, 10);
    assert.equal((await idsOf('/api/v1/events?limit=10')).length, 10);
  });

  for (const limit of ['0', '11', '-1', '1.5', '1e1', '', 'abc', '99999999999999999999999999']) {
    test(`names a bad limit: "${limit}"`, async () => {
      const { status, contentType, body } = await open({ maxEvents: 10 }).api(`/api/v1/events?limit=${limit}`);
      assert.deepEqual({ status, contentType }, { status: 400, contentType: 'application/problem+json' });
      const { detail } = JSON.parse(body) as { detail: string };
      assert.equal(detail, `limit is "${limit}": allowed is a whole number from 1 to 10.`);
    });
  }

  test('is ready, or it is not, but healthy all the time', async () => {
    const statusesOf = async ({ api, ofMetricsPort }: ReturnType<typeof open>) => {
      const answers = [api('/readyz'), ofMetricsPort('/readyz'), api('/healthz'), ofMetricsPort('/healthz')];
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    assert.deepEqual(await statusesOf(open({ isReady: false })), [503, 503, 200, 200]);
    assert.deepEqual(await statusesOf(open()), [200, 200, 200, 200]);
  });

  test('is not served on the metrics port', async () => {
    const { ofMetricsPort } = open();
    assert.equal((await ofMetricsPort('/metrics')).status, 200);
    assert.equal((await ofMetricsPort('/api/v1/health')).status, 404);
    assert.equal((await ofMetricsPort('/api/v1/events')).status, 404);
  });
});

test('the tree is made anew when 100 ms have gone by, and not before, however much changed', () => {
  const aggregate = aggregateOf();
  const textOf = createHealthText(aggregate);
  const treeAt = (after: number) => JSON.parse(textOf(START_SECONDS + after)) as DatacenterHealth;
  const first = treeAt(0);
  assert.equal(first.timestamp, START_SECONDS);
  give(aggregate, reportOf(0));
  assert.deepEqual(treeAt(0.0625), first);
  const later = treeAt(0.125);
  assert.deepEqual(later, aggregate.health(START_SECONDS + 0.125));
  assert.notDeepEqual(later.racks, first.racks);
});

describe('metrics', () => {
  test('every one of the table is provided', () => {
    assert.deepEqual(open().metrics.unprovided(), []);
  });

  test('say what happened', async () => {
    const { aggregate, connections, metrics } = open();
    give(aggregate, reportOf(0, { sequence: 1, timestamp: 1_700_000_000.25 }));
    give(aggregate, reportOf(0, { sequence: 5, timestamp: 1_700_000_004.25 }));
    give(aggregate, reportOf(0, { sequence: 5 }));
    give(aggregate, reportOf(9));
    for (let after = 0; after < 12; after += 0.25) aggregate.check(START_SECONDS + after);
    connections.open = 3;
    connections.reject('slow-reader');
    const lines = new Set((await metrics.text()).split('\n'));
    const expected = [
      'netwatch_dc_health_score{dc_id="dc-1"} 0',
      'netwatch_dc_rack_health_score{rack_id="0"} 0',
      'netwatch_dc_rack_health_score{rack_id="1"} 0',
      'netwatch_rack_last_report_timestamp_seconds{rack_id="0"} 1700000004.25',
      'netwatch_reports_received_total{rack_id="0"} 2',
      'netwatch_reports_received_total{rack_id="1"} 0',
      'netwatch_reports_missed_total{rack_id="0"} 3',
      'netwatch_reports_rejected_total{reason="duplicate"} 1',
      'netwatch_reports_rejected_total{reason="unexpected-rack"} 1',
      'netwatch_reports_rejected_total{reason="bad-json"} 0',
      'netwatch_report_connections 3',
      'netwatch_report_connections_rejected_total{reason="slow-reader"} 1',
      'netwatch_report_connections_rejected_total{reason="idle"} 0',
      'netwatch_events_total 3',
      'netwatch_build_info{version="1.2.3",role="datacenter"} 1',
    ];
    for (const line of expected) assert.ok(lines.has(line), `${line} in\n${[...lines].join('\n')}`);
    assert.ok(![...lines].some((line) => line.startsWith('netwatch_rack_last_report_timestamp_seconds{rack_id="1"}')));
  });
});
