import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CHAOS_ACTIONS, SEND_ERROR_CODES } from '../../src/metrics/agent-labels.ts';
import { LAG_BUCKETS_SECONDS } from '../../src/metrics/buckets.ts';
import { HistogramCounts } from '../../src/metrics/histogram-counts.ts';
import { createRegistry } from '../../src/metrics/registry.ts';
import type { MetricsRegistry } from '../../src/metrics/registry.ts';
import {
  CHAOS_REJECTIONS,
  CONNECTION_REJECTIONS,
  DATAGRAM_REJECTIONS,
  REPORT_REJECTIONS,
  SOCKET_REJECTIONS,
} from '../../src/metrics/rejections.ts';

// NETWATCH_UPDATE_GOLDEN=1 writes the golden files anew; read the difference before committing it.
async function assertGolden(registry: MetricsRegistry, file: string): Promise<void> {
  const url = new URL(`../golden/${file}`, import.meta.url);
  const text = await registry.text();
  if (process.env['NETWATCH_UPDATE_GOLDEN'] === '1') await writeFile(url, text);
  assert.equal(text, await readFile(url, 'utf8'));
}

const HEARD = { rack_id: 2, server_id: 5 };
const SILENT = { rack_id: 2, server_id: 6 };
const both = (heard: number | null, silent: number | null) => () => [
  { labels: HEARD, value: heard },
  { labels: SILENT, value: silent },
];

const one =
  <const L>(labels: L, value: number) =>
  () => [{ labels, value }];

const seriesOf = ({ bucketCounts, sum, count }: HistogramCounts) => ({ labels: {}, bucketCounts, sum, count });

const racks = (first: number, second: number) => () => [
  { labels: { rack_id: 0 }, value: first },
  { labels: { rack_id: 1 }, value: second },
];

function rackRegistry() {
  const rack = createRegistry('rack', '1.2.3', { processMetrics: false });
  rack.source('netwatch_server_spectral_error', both(0.000123, 1));
  rack.source('netwatch_server_snr_db', both(Infinity, -Infinity));
  rack.source('netwatch_server_loss_ratio', both(0.05, 1));
  rack.source('netwatch_server_delay_seconds', both(-0.0002, null));
  rack.source('netwatch_server_jitter_seconds', both(0.00004, Number.NaN));
  rack.source('netwatch_server_pdv_seconds', both(0.0001, null));
  rack.source('netwatch_server_clock_skew_ratio', both(0.000017, null));
  rack.source('netwatch_server_up', both(1, 0));
  rack.source('netwatch_server_status', () => [
    { labels: { ...HEARD, status: 'healthy' }, value: 1 },
    { labels: { ...SILENT, status: 'silent' }, value: 1 },
  ]);
  const fault = (value: number) => () => [{ labels: { ...SILENT, kind: 'silent' } as const, value }];
  rack.source('netwatch_server_fault', fault(1));
  rack.source('netwatch_server_fault_severity', fault(2));
  rack.source('netwatch_server_fault_onset_timestamp_seconds', fault(1_700_000_000.25));
  rack.source('netwatch_server_info', () => [
    { labels: { ...HEARD, name: 'db "17"\\\n', version: '1.2.3' }, value: 1 },
  ]);
  rack.source('netwatch_packets_received_total', both(4000, 12));
  rack.source('netwatch_packets_lost_total', both(200, 0));
  rack.source('netwatch_packets_late_total', both(1, 0));
  rack.source('netwatch_packets_duplicate_total', both(2, 0));
  rack.source('netwatch_packets_reordered_total', both(3, 0));
  rack.source('netwatch_packets_conflict_total', both(0, 4));
  rack.histogramSource('netwatch_latency_ms', () => [
    { labels: HEARD, bucketCounts: [3000, 900, 50, 20, 10, 8, 5, 4, 2], sum: 4321.5, count: 4000 },
    { labels: SILENT, bucketCounts: new Uint32Array(9), sum: 0, count: 0 },
  ]);
  rack.source('netwatch_rack_health_score', one({ rack_id: 2 }, 0.499));
  rack.source('netwatch_rack_fault', one({ rack_id: 2, kind: 'loss' }, 1));
  rack.source('netwatch_rack_fault_severity', one({ rack_id: 2, kind: 'loss' }, 1));
  rack.source('netwatch_rack_fault_onset_timestamp_seconds', one({ rack_id: 2, kind: 'loss' }, 1_700_000_001.5));
  rack.source('netwatch_streams', one({}, 2));
  rack.source('netwatch_datagrams_rejected_total', () =>
    DATAGRAM_REJECTIONS.map((reason) => ({ labels: { reason }, value: reason === 'bad-version' ? 7 : 0 })),
  );
  const lag = new HistogramCounts(LAG_BUCKETS_SECONDS);
  for (const lagSeconds of [0.0001, 0.0005, 0.003, 2]) lag.observe(lagSeconds);
  rack.histogramSource('netwatch_receiver_lag_seconds', () => [seriesOf(lag)]);
  rack.source('netwatch_datacenter_connected', one({}, 1));
  rack.source('netwatch_reports_sent_total', one({}, 60));
  rack.source('netwatch_reports_dropped_total', one({}, 0));
  rack.source('netwatch_report_queue_length', one({}, 3));
  rack.source('netwatch_watched_servers', one({}, 2));
  rack.source('netwatch_frames_sent_total', one({}, 1200));
  rack.source('netwatch_frames_dropped_total', one({}, 5));
  rack.source('netwatch_incidents_total', one({}, 4));
  rack.source('netwatch_incidents_dropped_total', one({ reason: 'rack-wide' }, 2));
  rack.source('netwatch_incident_requests_dropped_total', one({ reason: 'too-many' }, 1));
  rack.source('netwatch_incidents_bytes', one({}, 1_800_000));
  return rack;
}

test('a rack exposes every metric of its role', async () => {
  const rack = rackRegistry();
  assert.deepEqual(rack.unprovided(), []);
  await assertGolden(rack, 'metrics-rack.txt');
});

test('a datacenter exposes every metric of its role', async () => {
  const datacenter = createRegistry('datacenter', '1.2.3', { processMetrics: false });
  datacenter.source('netwatch_dc_health_score', one({ dc_id: 'dc-1' }, 0.5));
  datacenter.source('netwatch_dc_rack_health_score', racks(1, 0));
  datacenter.source('netwatch_rack_last_report_timestamp_seconds', racks(1_700_000_000.25, 1_699_999_990.5));
  datacenter.source('netwatch_reports_received_total', racks(100, 90));
  datacenter.source('netwatch_reports_missed_total', racks(0, 10));
  datacenter.source('netwatch_reports_rejected_total', () =>
    REPORT_REJECTIONS.map((reason) => ({ labels: { reason }, value: reason === 'bad-json' ? 1 : 0 })),
  );
  datacenter.source('netwatch_report_connections', one({}, 1));
  datacenter.source('netwatch_report_connections_rejected_total', () =>
    CONNECTION_REJECTIONS.map((reason) => ({ labels: { reason }, value: 0 })),
  );
  datacenter.source('netwatch_events_total', one({}, 1));
  datacenter.source('netwatch_fault_events_withheld', one({}, 0));
  datacenter.source('netwatch_history_without_room', one({}, 0));
  datacenter.source('netwatch_socket_clients', one({}, 4));
  datacenter.source('netwatch_socket_clients_rejected_total', () =>
    SOCKET_REJECTIONS.map((reason) => ({ labels: { reason }, value: reason === 'bad-origin' ? 2 : 0 })),
  );
  datacenter.source('netwatch_socket_messages_sent_total', one({}, 4800));
  datacenter.source('netwatch_socket_messages_dropped_total', one({}, 17));
  datacenter.source('netwatch_chaos_active', () => [
    { labels: { target: 'rack 0', kind: 'delay' }, value: 1 },
    { labels: { target: 'rack 0', kind: 'loss' }, value: 1 },
  ]);
  datacenter.source('netwatch_chaos_notices_rejected_total', () =>
    CHAOS_REJECTIONS.map((reason) => ({ labels: { reason }, value: reason === 'bad-token' ? 2 : 0 })),
  );
  assert.deepEqual(datacenter.unprovided(), []);
  await assertGolden(datacenter, 'metrics-datacenter.txt');
});

test('an agent exposes every metric of its role', async () => {
  const agent = createRegistry('agent', '1.2.3', { processMetrics: false });
  agent.source('netwatch_agent_samples_sent_total', both(4000, 12));
  const errors: Readonly<Record<string, number>> = { ECONNREFUSED: 2, other: 2 };
  agent.source('netwatch_agent_send_errors_total', () =>
    SEND_ERROR_CODES.map((code) => ({ labels: { code }, value: errors[code] ?? 0 })),
  );
  const lag = new HistogramCounts(LAG_BUCKETS_SECONDS);
  lag.observe(0.0011);
  agent.histogramSource('netwatch_agent_schedule_lag_seconds', () => [seriesOf(lag)]);
  agent.source('netwatch_agent_chaos_active', both(1, 0));
  agent.source('netwatch_agent_chaos_packets_total', () =>
    CHAOS_ACTIONS.map((action) => ({ labels: { action }, value: action === 'lost' ? 800 : 0 })),
  );
  assert.deepEqual(agent.unprovided(), []);
  await assertGolden(agent, 'metrics-agent.txt');
});
