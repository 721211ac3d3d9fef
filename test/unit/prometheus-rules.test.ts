import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAULT_KINDS } from '../../src/core/verdict.ts';
import { alertRules, recordingRules, ruleGroups, ruleTests, type AlertRule } from '../support/prometheus-rules.ts';
import { metricNamesIn } from '../support/promql-names.ts';

const ROOT = new URL('../../', import.meta.url);
const RUNBOOK_URL = /^http:\/\/localhost:8080\/runbooks\/([a-z-]+)$/;

const alerts = alertRules();
const tests = [...ruleTests().values()].flatMap((file) => file.tests);
const alertTests = tests.flatMap((one) => one.alert_rule_test ?? []);

function titleOf({ alert, labels = {} }: AlertRule): string {
  return [alert, labels.severity, labels.cause].filter((part) => part !== undefined).join(' ');
}

/** Seconds of `30s` or `1m`. */
function seconds(duration: string): number {
  const [, number, unit] = /^(\d+)([sm])$/.exec(duration) ?? [];
  return Number(number) * (unit === 'm' ? 60 : 1);
}

/** Names of series that the roles expose, histograms by each of their parts. */
function exposedNames(): ReadonlySet<string> {
  const golden = ['agent', 'rack', 'datacenter'].map((role) =>
    readFileSync(new URL(`test/golden/metrics-${role}.txt`, ROOT), 'utf8'),
  );
  return new Set(Array.from(golden.join('\n').matchAll(/^([a-z_]+)[{ ]/gm), ([, name = '']) => name));
}

test('there are these alerts, and no two of one name and the same labels', () => {
  assert.deepEqual(
    new Set(alerts.map(({ alert }) => alert)),
    new Set([
      'NetWatchServerCritical',
      'NetWatchServerSilent',
      'NetWatchServerFault',
      'NetWatchClockSkew',
      'NetWatchRackDegraded',
      'NetWatchRackFault',
      'NetWatchRackNotReporting',
      'NetWatchDatacenterDegraded',
      'NetWatchControllerImpaired',
      'NetWatchScrapeDown',
    ]),
  );
  assert.equal(new Set(alerts.map(titleOf)).size, alerts.length);
});

for (const rule of alerts) {
  test(`${titleOf(rule)}: waits, holds on, says how bad it is, what it is and where help is`, () => {
    assert.ok(seconds(rule.for ?? '') >= 5, 'for');
    assert.ok(seconds(rule.keep_firing_for ?? '') >= 30, 'keep_firing_for');
    assert.match(rule.labels?.severity ?? '', /^(warning|critical)$/);
    const { summary = '', description = '', runbook_url: runbook = '', ...others } = rule.annotations ?? {};
    assert.deepEqual(others, {});
    const written = summary.replaceAll(/\{\{.*?\}\}/gs, '');
    assert.ok(written.length > 20 && written.length < 100, summary);
    assert.ok(description.length > summary.length, description);
    assert.match(description, /[.?](?: \{\{- end \}\})?$/);
    const page = RUNBOOK_URL.exec(runbook)?.[1] ?? '';
    assert.ok(existsSync(new URL(`docs/runbooks/${page}.md`, ROOT)), runbook);
  });

  test(`${titleOf(rule)}: is tested firing with these labels, and tested not firing`, () => {
    const ofName = alertTests.filter(({ alertname }) => alertname === rule.alert);
    const fires = ofName.some(({ exp_alerts: expected }) =>
      expected.some(({ exp_labels: { severity, cause } }) => {
        return severity === rule.labels?.severity && cause === rule.labels?.cause;
      }),
    );
    assert.ok(fires);
    assert.ok(ofName.some(({ exp_alerts: expected }) => expected.length === 0));
  });
}

test('every runbook is of an alert, is named after it, and stands in the list', () => {
  const pages = readdirSync(new URL('docs/runbooks/', ROOT)).filter((name) => name !== 'README.md');
  const linked = alerts.map(({ annotations }) => `${RUNBOOK_URL.exec(annotations?.runbook_url ?? '')?.[1]}.md`);
  assert.deepEqual(pages.toSorted(), [...new Set(linked)].toSorted());
  const list = readFileSync(new URL('docs/runbooks/README.md', ROOT), 'utf8');
  for (const [n, { alert }] of alerts.entries()) {
    const page = readFileSync(new URL(`docs/runbooks/${linked[n]}`, ROOT), 'utf8');
    assert.ok(page.startsWith(`# ${alert}\n`), linked[n]);
    for (const part of ['**Means:**', '**Users feel:**', '## Confirm', '## Causes', '## Fixed when', '## Try it']) {
      assert.ok(page.includes(part), `${part} in ${linked[n]}`);
    }
    assert.ok(list.includes(`[${alert}](${linked[n]})`), alert);
  }
});

test('the runbook of faults says what every kind is', () => {
  const page = readFileSync(new URL('docs/runbooks/server-fault.md', ROOT), 'utf8');
  for (const kind of FAULT_KINDS) assert.match(page, new RegExp(`^\\| \`${kind}\` +\\| \\w`, 'm'), kind);
});

test('every metric of a rule is one that NetWatch exposes, or recorded, or `up`', () => {
  const recorded = new Set(recordingRules().map(({ record }) => record));
  const exposed = exposedNames();
  const isKnown = (name: string): boolean => exposed.has(name) || recorded.has(name) || name === 'up';
  for (const { expr } of [...alerts, ...recordingRules()]) {
    const names = metricNamesIn(expr);
    assert.ok(names.length > 0, expr);
    for (const name of names) assert.ok(isKnown(name), `${name} in ${expr}`);
  }
  // What annotations ask for while they are written.
  for (const { annotations: { summary = '', description = '' } = {} } of alerts) {
    for (const [name] of `${summary}\n${description}`.matchAll(/[\w:]*netwatch_[\w:]+/g)) {
      assert.ok(isKnown(name), `${name} in ${summary}\n${description}`);
    }
  }
});

test('recorded names say level, metric and operation, and the level is what the series are of', () => {
  const exposed = exposedNames();
  for (const { record, expr } of recordingRules()) {
    const [, level = '', metric = ''] = /^(server|rack|dc):(netwatch_\w+):[a-z][a-z0-9_]*$/.exec(record) ?? [];
    assert.ok(
      [metric, `${metric}_total`, `${metric}_bucket`].some((name) => exposed.has(name)),
      record,
    );
    const labels = { dc: 'dc_id', rack: 'dc_id, rack_id', server: 'dc_id, rack_id, server_id' }[level] ?? '';
    for (const [, by] of expr.matchAll(/\bby \(([^)]*)\)/g)) {
      assert.equal(by?.replace(/, (?:le|kind)$/, ''), labels, `${record}: ${expr}`);
    }
  }
});

test('the head of the recording rules lists them all, and each is tested', () => {
  const head = readFileSync(new URL('prometheus/rules/recording.yml', ROOT), 'utf8').split('groups:')[0] ?? '';
  const listed = Array.from(head.matchAll(/^# {3}(\S+:\S+)/gm), ([, name]) => name);
  const recorded = recordingRules().map(({ record }) => record);
  assert.deepEqual(new Set(listed), new Set(recorded));
  const asked = tests.flatMap((one) => (one.promql_expr_test ?? []).map(({ expr }) => expr)).join('\n');
  for (const name of recorded) {
    const family = name.slice(0, name.lastIndexOf(':') + 1);
    assert.ok(asked.includes(name) || asked.includes(`"${family}.+"`), name);
  }
});

test('nothing is recorded that no alert, dashboard, runbook or document asks for', () => {
  const files = globSync(['docs/**/*.md', 'grafana/dashboards/*.json'], { cwd: ROOT });
  const texts = files.map((file) => readFileSync(new URL(file, ROOT), 'utf8'));
  const asked = [...texts, ...alerts.map((rule) => JSON.stringify(rule))];
  for (const { record } of recordingRules())
    assert.ok(
      asked.some((text) => text.includes(record)),
      record,
    );
});

test('tests evaluate every group, alerts after what is recorded', () => {
  const inOrder = [...ruleGroups()].toSorted((a, b) => Number(a.startsWith('alerts')) - Number(b.startsWith('alerts')));
  for (const [name, file] of ruleTests()) {
    assert.deepEqual(file.group_eval_order.toSorted(), inOrder.toSorted(), name);
    assert.ok(file.group_eval_order.findIndex((group) => group.startsWith('alerts')) === 3, name);
  }
});

test('names are found in an expression, and nothing else', () => {
  const names = metricNamesIn(`
    # netwatch_in_a_comment
    sum by (dc_id, le) (rate(a_total{job="b_total", reason=~'c'}[30s] offset 5m)) / on (rack_id) group_left (name) d:e:f
    and topk(3, g) >= bool 0.5 unless absent(up{job="x"}) or -1e6 * 0x1F * Inf > h{i="}"}
    or count without (j) (k)
  `);
  assert.deepEqual(names, ['a_total', 'd:e:f', 'g', 'up', 'h', 'k']);
});
