import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { EXAMPLE_QUERIES, renderMetricsDocs } from '../../scripts/metrics-docs.ts';
import { METRICS, isMetricName, metricDefinition, metricNames } from '../../src/metrics/table.ts';
import { REJECT_REASONS, REPORT_REJECT_REASONS } from '../../src/wire/reject-reason.ts';

test('docs/metrics.md is current: if this fails, run npm run docs:metrics', async () => {
  assert.equal(await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8'), renderMetricsDocs());
});

test('every metric is documented', () => {
  const docs = renderMetricsDocs();
  for (const name of metricNames()) assert.ok(docs.includes(`| \`${name}\` |`), name);
});

test('example queries ask only for metrics and labels that exist', () => {
  for (const { query } of EXAMPLE_QUERIES) {
    const names = (query.match(/netwatch_\w+/g) ?? []).map((name) => name.replace(/_bucket$/, ''));
    assert.ok(names.length > 0, query);
    for (const name of names) assert.ok(isMetricName(name), name);
    const known = new Set([
      ...names.filter(isMetricName).flatMap((name) => Object.keys(metricDefinition(name).labels)),
      'le',
      // Labels of the target.
      'instance',
      'dc_id',
    ]);
    for (const [, list = ''] of query.matchAll(/(?:by|on|group_left) \(([^)]*)\)/g)) {
      for (const label of list.split(', ')) assert.ok(known.has(label), `${label} in ${query}`);
    }
  }
});

test('names follow the rules of Prometheus', () => {
  for (const name of metricNames()) {
    const { type, help, buckets } = metricDefinition(name);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(help, /^[A-Z1].*[^ ]$/, name);
    assert.equal(buckets.length > 0, type === 'histogram', name);
    assert.deepEqual(
      buckets,
      buckets.toSorted((a, b) => a - b),
      name,
    );
  }
});

test('every reason the wire gives can be counted', () => {
  const datagram: readonly string[] = METRICS.netwatch_datagrams_rejected_total.labels.reason;
  assert.deepEqual(
    REJECT_REASONS.filter((reason) => !datagram.includes(reason)),
    [],
  );
  const report: readonly string[] = METRICS.netwatch_reports_rejected_total.labels.reason;
  assert.deepEqual(
    REPORT_REJECT_REASONS.filter((reason) => !report.includes(reason)),
    [],
  );
});
