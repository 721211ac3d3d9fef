import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { createRegistry } from '../../src/metrics/registry.ts';

const bare = { processMetrics: false };

test('a source is read at each scrape, and no value means no series', async () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  let error: number | null = null;
  rack.source('netwatch_server_spectral_error', () => [{ labels: { rack_id: 0, server_id: 1 }, value: error }]);
  assert.doesNotMatch(await rack.text(), /^netwatch_server_spectral_error/m);
  error = 0.25;
  assert.match(await rack.text(), /^netwatch_server_spectral_error\{rack_id="0",server_id="1"\} 0\.25$/m);
  error = Number.NaN;
  assert.doesNotMatch(await rack.text(), /^netwatch_server_spectral_error/m);
});

test('a source may yield one object again and again', async () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  const series = { labels: { rack_id: 3, server_id: 0 }, value: 0 };
  rack.source('netwatch_packets_lost_total', function* () {
    for (let serverId = 0; serverId < 1000; serverId += 1) {
      series.labels.server_id = serverId;
      series.value = serverId * 2;
      yield series;
    }
  });
  const lines = (await rack.text()).split('\n').filter((line) => line.startsWith('netwatch_packets_lost_total'));
  assert.equal(lines.length, 1000);
  assert.equal(lines[999], 'netwatch_packets_lost_total{rack_id="3",server_id="999"} 1998');
});

test('other work runs while a large scrape is under way', async () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  const labels = { rack_id: 0, server_id: 0 };
  rack.source('netwatch_server_up', () => Array.from({ length: 4096 }, () => ({ labels, value: 1 })));
  let turns = 0;
  let done = false;
  const scrape = rack.text().then(() => (done = true));
  // oxlint-disable-next-line no-await-in-loop, no-unmodified-loop-condition -- counts the turns the scrape leaves to others
  for (; !done; turns += 1) await setImmediate();
  await scrape;
  assert.ok(turns >= 4096 / 128, `${turns} turns`);
});

test('a metric is refused that is not in the table, of another role or of another type', () => {
  const agent = createRegistry('agent', '1.2.3', bare);
  // @ts-expect-error no such metric
  assert.throws(() => agent.source('netwatch_nonsense_total', () => []), /netwatch_nonsense_total is not in the table/);
  // @ts-expect-error a metric of the rack
  assert.throws(() => agent.source('netwatch_streams', () => []), /netwatch_streams is not a metric of the agent/);
  assert.throws(
    // @ts-expect-error a histogram
    () => agent.source('netwatch_agent_schedule_lag_seconds', () => []),
    /is a histogram, not a counter or/,
  );
  assert.throws(
    // @ts-expect-error a counter
    () => agent.histogramSource('netwatch_agent_send_errors_total', () => []),
    /is a counter, not a histogram/,
  );
});

test('a metric is provided once', () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  rack.source('netwatch_streams', () => []);
  assert.throws(() => rack.source('netwatch_streams', () => []), /netwatch_streams is provided already/);
  assert.ok(!rack.unprovided().includes('netwatch_streams'));
  assert.ok(rack.unprovided().includes('netwatch_latency_ms'));
});

test('a value that no list has is exposed as other, where the list provides it', async () => {
  const agent = createRegistry('agent', '1.2.3', bare);
  agent.source('netwatch_agent_send_errors_total', () => [{ labels: { code: 'ESURPRISE' }, value: 2 }]);
  assert.match(await agent.text(), /^netwatch_agent_send_errors_total\{code="other"\} 2$/m);
});

test('a label that is missing fails the scrape', async () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  // @ts-expect-error the label is missing
  rack.source('netwatch_datagrams_rejected_total', () => [{ labels: {}, value: 1 }]);
  await assert.rejects(rack.text(), /the label reason is missing/);
});

test('a source whose labels or buckets are not those of the table fails the scrape', async () => {
  const rack = createRegistry('rack', '1.2.3', bare);
  let kind = 'loss';
  // @ts-expect-error any string is not a kind of fault
  rack.source('netwatch_server_fault', () => [{ labels: { rack_id: 0, server_id: 0, kind }, value: 1 }]);
  assert.match(await rack.text(), /netwatch_server_fault\{rack_id="0",server_id="0",kind="loss"\} 1/);
  kind = 'gremlins';
  await assert.rejects(rack.text(), /netwatch_server_fault: kind="gremlins" is none of/);

  const other = createRegistry('rack', '1.2.3', bare);
  const labels = { rack_id: 0, server_id: 0 };
  other.histogramSource('netwatch_latency_ms', () => [{ labels, bucketCounts: [1, 2], sum: 3, count: 3 }]);
  await assert.rejects(other.text(), /netwatch_latency_ms: 2 bucket counts, the table has 9 buckets/);
});

test('every role has process metrics, none of them misnamed', async () => {
  const text = await createRegistry('agent', '1.2.3').text();
  assert.match(text, /^process_cpu_seconds_total /m);
  assert.match(text, /^netwatch_build_info\{version="1\.2\.3",role="agent"\} 1$/m);
  const misnamed = [...text.matchAll(/^# TYPE (\S+_total) gauge$/gm)].map(([, name]) => name);
  assert.deepEqual(misnamed, []);
});
