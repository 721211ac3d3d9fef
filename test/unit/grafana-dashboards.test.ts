import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { staleDashboards } from '../../scripts/generate-dashboards.ts';
import { committedDashboards, labelValuesOf, namesIn } from '../support/grafana-dashboards.ts';
import { recordingRules } from '../support/prometheus-rules.ts';

const DASHBOARDS = committedDashboards();
const UIDS = ['netwatch-overview', 'netwatch-rack', 'netwatch-self', 'netwatch-server'];
/** What does not come from the metrics table: of Prometheus itself, of its scrapes, and of prom-client. */
const FOREIGN =
  /^(up|ALERTS|scrape_(duration_seconds|samples_scraped)|prometheus_(rule_group_last_duration_seconds|tsdb_head_series)|process_(cpu_seconds_total|resident_memory_bytes|start_time_seconds|open_fds)|nodejs_(eventloop_lag_p99_seconds|gc_duration_seconds_sum))$/;

const panels = DASHBOARDS.flatMap(({ dashboard }) =>
  dashboard.panels.map((panel) => ({ ...panel, where: `${dashboard.uid}: ${panel.title}` })),
);
const charts = panels.filter(({ type }) => type !== 'row');
const expressions = DASHBOARDS.flatMap(({ dashboard: { panels: own, annotations, templating } }) => [
  ...own.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...annotations.list.map(({ target }) => target.expr),
  ...templating.list.filter(({ type }) => type === 'query').map(({ query }) => labelValuesOf(query).series),
]);

test('grafana/dashboards is current: if this fails, run npm run grafana:generate', async () => {
  assert.deepEqual(await staleDashboards(), []);
});

test('dashboards keep their uids, and open with the latest 15 minutes, renewed every 5 s', () => {
  assert.deepEqual(DASHBOARDS.map(({ dashboard }) => dashboard.uid).toSorted(), UIDS);
  for (const { dashboard } of DASHBOARDS) {
    assert.deepEqual(dashboard.time, { from: 'now-15m', to: 'now' });
    assert.equal(dashboard.refresh, '5s');
    assert.ok(dashboard.schemaVersion >= 41, 'the schema of Grafana 12');
  }
});

test('panels have ids and titles of their own, and questions refIds', () => {
  for (const { dashboard } of DASHBOARDS) {
    const { uid, panels: own } = dashboard;
    assert.equal(new Set(own.map(({ id }) => id)).size, own.length, uid);
    assert.equal(new Set(own.map(({ title }) => title)).size, own.length, uid);
    for (const { title, targets = [] } of own) {
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, `${uid}: ${title}`);
    }
  }
});

test('no panel lies on another or reaches over the edge', () => {
  for (const { dashboard } of DASHBOARDS) {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      assert.ok(w > 0 && h > 0 && x >= 0 && x + w <= 24, `${dashboard.uid}: ${title}`);
      for (let cell = 0; cell < w * h; cell++) {
        const place = `${x + (cell % w)}, ${y + Math.floor(cell / w)}`;
        assert.equal(taken.get(place), undefined, `${dashboard.uid}: ${title} at ${place}`);
        taken.set(place, title);
      }
    }
  }
});

test('every panel says what it shows, has a unit, asks something, and asks it of the chosen data source', () => {
  for (const { where, description = '', fieldConfig, targets = [], datasource } of charts) {
    assert.ok(description.length >= 60 && description.endsWith('.'), `description of ${where}`);
    assert.ok(fieldConfig?.defaults.unit, `unit of ${where}`);
    assert.ok(targets.length > 0, where);
    for (const source of [datasource, ...targets.map((target) => target.datasource)]) {
      assert.equal(source?.uid, '${datasource}', where);
    }
  }
});

test('what is over time is taken over an interval that Grafana chooses', () => {
  for (const expr of expressions) {
    for (const [, range] of expr.matchAll(/\[([^\]]*)\]/g)) {
      assert.match(range ?? '', /^\$__(rate_interval|interval|range)$/, expr);
    }
    const isOverTime = /\b(?:rate|irate|increase|delta|max_over_time)\(/.test(expr);
    assert.equal(isOverTime, expr.includes('['), expr);
  }
});

test('every variable that is used is there, and is of the dashboard', () => {
  for (const { dashboard, text } of DASHBOARDS) {
    const known = new Set(dashboard.templating.list.map(({ name }) => name));
    // In questions and links; what begins with __ is Grafana's own.
    const used = Array.from(text.matchAll(/\$\{?([a-z]\w*)/g), ([, name = '']) => name);
    assert.ok(used.includes('datacenter') && used.includes('datasource'));
    for (const name of used) assert.ok(known.has(name), `$${name} in ${dashboard.uid}`);
  }
});

test('each variable is chosen within those before it, and ids are sorted as numbers', () => {
  for (const { dashboard } of DASHBOARDS) {
    const lists = dashboard.templating.list.filter(({ type }) => type === 'query');
    const within = lists.map(({ query }) => Array.from(labelValuesOf(query).series.matchAll(/\$(\w+)/g), ([, n]) => n));
    const before = lists.map((_, n) => lists.slice(0, n).map(({ name }) => name));
    assert.deepEqual(within, before, dashboard.uid);
    for (const { name, sort } of lists) if (name !== 'datacenter') assert.equal(sort, 3, `${dashboard.uid}: $${name}`);
    assert.deepEqual(
      lists.map(({ query }) => labelValuesOf(query).label),
      ['dc_id', 'rack_id', 'server_id'].slice(0, lists.length),
    );
  }
});

test('links lead to dashboards that exist, and keep the time and what is chosen', () => {
  for (const { dashboard, text } of DASHBOARDS) {
    const linked = dashboard.links.map(({ url }) => /^\/d\/([\w-]+)\?/.exec(url)?.[1] ?? url);
    assert.deepEqual([...linked, dashboard.uid].toSorted(), UIDS);
    // Of all variables some would mean something else there: several racks, or the one server.
    assert.ok(dashboard.links.every(({ keepTime, includeVars }) => keepTime && !includeVars));
    for (const { url } of dashboard.links) {
      const isOfOneRack = [url, dashboard.uid].every((place) => /netwatch-(rack|server)\b/.test(place));
      const kept = `\${datasource:queryparam}&\${datacenter:queryparam}${isOfOneRack ? '&${rack:queryparam}' : ''}`;
      assert.equal(url.slice(url.indexOf('?') + 1), kept, `${dashboard.uid}: ${url}`);
    }
    for (const [url, uid] of text.matchAll(/\/d\/([\w-]+)\?\$\{__[^"]*/g)) {
      assert.ok(UIDS.includes(uid ?? ''), url);
      assert.ok(url.includes('${__url_time_range}&${datasource:queryparam}&${datacenter:queryparam}&var-rack='), url);
    }
  }
  const links = (where: string) => JSON.stringify(panels.find((panel) => panel.where === where)?.fieldConfig);
  assert.match(links('netwatch-overview: Worst servers'), /\/d\/netwatch-server\?/);
  assert.match(links('netwatch-rack: Error'), /\/d\/netwatch-server\?/);
});

test('every dashboard marks when something was broken on purpose', () => {
  for (const { dashboard } of DASHBOARDS) {
    const [mark] = dashboard.annotations.list;
    assert.match(mark?.target.expr ?? '', /netwatch_chaos_active/, dashboard.uid);
  }
});

test('every metric is one that NetWatch exposes, a rule records, or Prometheus and prom-client add', () => {
  const golden = ['agent', 'rack', 'datacenter'].map((role) =>
    readFileSync(new URL(`../golden/metrics-${role}.txt`, import.meta.url), 'utf8'),
  );
  const exposed = new Set(Array.from(golden.join('\n').matchAll(/^([a-z_]+)(?:\{| )/gm), ([, name]) => name));
  const recorded = new Set(recordingRules().map(({ record }) => record));
  for (const expr of expressions) {
    for (const name of namesIn(expr)) {
      assert.ok(exposed.has(name) || recorded.has(name) || FOREIGN.test(name), `${name} in ${expr}`);
    }
    const withoutTexts = expr.replaceAll(/"[^"]*"/g, '""');
    assert.doesNotMatch(withoutTexts, /netwatch_[\w:]+(?![\w:{])/, `without a selector, of all datacenters: ${expr}`);
  }
});

test('what is provisioned is what the dashboards rely on', () => {
  const read = (path: string): unknown =>
    parse(readFileSync(new URL(`../../grafana/provisioning/${path}`, import.meta.url), 'utf8'));
  const { datasources } = read('datasources/prometheus.yaml') as { datasources: readonly Record<string, unknown>[] };
  const [prometheus] = datasources;
  assert.deepEqual(
    [prometheus?.uid, prometheus?.type, prometheus?.url, prometheus?.jsonData],
    [
      'prometheus',
      'prometheus',
      'http://prometheus:9090',
      { timeInterval: '2s', httpMethod: 'POST', prometheusType: 'Prometheus' },
    ],
  );
  const scrape = parse(readFileSync(new URL('../../prometheus/prometheus.yml', import.meta.url), 'utf8')) as {
    global: { scrape_interval: string };
  };
  assert.equal(scrape.global.scrape_interval, '2s', 'the interval that timeInterval says');
  const { providers } = read('dashboards/netwatch.yaml') as { providers: readonly Record<string, unknown>[] };
  assert.equal(providers[0]?.folder, 'NetWatch');
  assert.deepEqual(providers[0]?.options, { path: '/var/lib/grafana/dashboards' });
  assert.equal(providers[0]?.allowUiUpdates, false);
});
