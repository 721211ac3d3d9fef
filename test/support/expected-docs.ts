import {
  DATACENTER,
  DATACENTER_ROLES,
  type ExpectedAnswer,
  LAB_SIZE,
  quiet,
  RACK,
  RACK_PROCESS,
  RAW_PROCESS,
  RECORDED_RACK,
  SERVER,
  some,
  unseen,
} from './expected-answers.ts';

const RAW_RACK = '__name__ dc_id instance job rack_id';
const RAW_SERVER = `${RAW_RACK} server_id`;
const PER_SERVER = { ...SERVER, labels: ['dc_id', 'instance', 'job', 'rack_id', 'server_id'] };
const PER_RACK = { ...RACK, labels: RAW_RACK.split(' ') };
const PROMETHEUS = { instance: 'prometheus' };
const RECORDED_SERVER = '__name__ dc_id rack_id server_id';
const RAW_SERVER_FAULT = 'dc_id instance job kind rack_id server_id';
const RAW_RACK_FAULT = 'dc_id instance job kind rack_id';

/** What every query of the documents is meant to answer, by the query as one line. */
export const EXPECTED_OF_DOCS: ReadonlyMap<string, ExpectedAnswer> = new Map<string, ExpectedAnswer>([
  // docs/metrics.md
  ['topk(10, netwatch_server_spectral_error)', some(RAW_SERVER)],
  [
    'topk(10, netwatch_server_spectral_error * on (dc_id, rack_id, server_id) group_left (name) netwatch_server_info)',
    some('dc_id instance job name rack_id server_id'),
  ],
  ['netwatch_dc_rack_health_score < 0.8', quiet(RAW_RACK)],
  [
    'sum by (dc_id, rack_id) (rate(netwatch_packets_lost_total[5m])) / (sum by (dc_id, rack_id) (rate(netwatch_packets_lost_total[5m])) + sum by (dc_id, rack_id) (rate(netwatch_packets_received_total[5m])))',
    RACK,
  ],
  [
    '1 - sum by (dc_id, rack_id, server_id) (rate(netwatch_packets_received_total[1m])) / sum by (dc_id, rack_id, server_id) (rate(netwatch_agent_samples_sent_total[1m]))',
    SERVER,
  ],
  ['histogram_quantile(0.95, sum by (dc_id, rack_id, le) (rate(netwatch_latency_ms_bucket[5m])))', RACK],
  ['netwatch_server_up == 0', quiet(RAW_SERVER)],
  ['avg_over_time(netwatch_server_up[1h])', PER_SERVER],
  ['count by (dc_id, rack_id, status) (netwatch_server_status)', { ...RACK, labels: ['dc_id', 'rack_id', 'status'] }],
  [
    'sum by (dc_id, rack_id, server_id) (sum_over_time(netwatch_server_status{status="healthy"}[1h])) / sum by (dc_id, rack_id, server_id) (sum_over_time(netwatch_server_status[1h]))',
    SERVER,
  ],
  ['sum by (dc_id, kind) (netwatch_server_fault)', quiet('dc_id kind')],
  [
    'time() - netwatch_server_fault_onset_timestamp_seconds and on (dc_id, rack_id, server_id, kind) netwatch_server_fault_severity >= 1',
    quiet(RAW_SERVER_FAULT),
  ],
  ['netwatch_rack_fault_severity', quiet(`__name__ ${RAW_RACK_FAULT}`)],
  ['max by (dc_id, target, kind) (netwatch_chaos_active)', quiet('dc_id kind target')],
  [
    'sum by (dc_id, instance, reason) (rate(netwatch_datagrams_rejected_total[5m])) > 0',
    quiet('dc_id instance reason'),
  ],
  [
    'histogram_quantile(0.99, sum by (dc_id, instance, le) (rate(netwatch_receiver_lag_seconds_bucket[5m])))',
    RACK_PROCESS,
  ],
  ['time() - netwatch_rack_last_report_timestamp_seconds > 5', quiet('dc_id instance job rack_id')],
  ['netwatch_datacenter_connected == 0', quiet(RAW_RACK, 'outage')],
  ['increase(netwatch_reports_dropped_total[1h]) > 0', quiet('dc_id instance job rack_id', 'alone')],
  ['abs(netwatch_server_clock_skew_ratio) * 1e6 > 100', quiet('dc_id instance job rack_id server_id', 'alone')],
  ['count by (dc_id, role, version) (netwatch_build_info)', DATACENTER_ROLES],

  // docs/runbooks: faults
  ['netwatch_server_fault_severity{rack_id="0"}', quiet(`__name__ ${RAW_SERVER_FAULT}`)],
  ['time() - netwatch_server_fault_onset_timestamp_seconds{rack_id="0"}', quiet(RAW_SERVER_FAULT)],
  ['server:netwatch_server_fault_severity:own{rack_id="0"}', quiet('__name__ dc_id kind rack_id server_id')],
  ['time() - netwatch_rack_fault_onset_timestamp_seconds', quiet(RAW_RACK_FAULT)],
  ['count by (rack_id) (netwatch_server_fault{kind="rack-wide"})', quiet('rack_id')],

  // docs/runbooks: of the servers and racks that their examples name
  ['1e6 * netwatch_server_clock_skew_ratio{rack_id="0"}', some('dc_id instance job rack_id server_id', ...of('0'))],
  ['rack:netwatch_receiver_lag_seconds:p99_rate30s', RECORDED_RACK],
  [
    'rate(process_cpu_seconds_total{job="netwatch-rack"}[1m])',
    { ...PER_RACK, labels: ['dc_id', 'instance', 'job', 'rack_id'] },
  ],
  ['count by (rack_id) (netwatch_server_fault{kind="observer"})', quiet('rack_id')],
  [
    'rate(netwatch_datagrams_rejected_total{reason="ring-full"}[1m]) > 0',
    unseen(
      'dc_id instance job rack_id reason',
      'the ring is full only when the analysis is slower than the network of this machine',
    ),
  ],
  ['netwatch_streams', PER_RACK],
  ['sort(netwatch_dc_rack_health_score)', PER_RACK],
  ['rack:netwatch_reports_received:increase10s == 0', quiet('__name__ dc_id rack_id')],
  ['dc:netwatch_server_up:mean', { ...DATACENTER, labels: ['__name__', 'dc_id'] }],
  ['rack:netwatch_server_spectral_error:mean{rack_id="2"}', some('__name__ dc_id rack_id', { rack_id: '2' })],
  ['dc:netwatch_packets_lost:ratio_rate1m', { ...DATACENTER, labels: ['__name__', 'dc_id'] }],
  ['count by (rack_id) (netwatch_server_up == 0)', quiet('rack_id')],
  ['topk(10, netwatch_server_spectral_error{rack_id="2"})', some(RAW_SERVER, ...of('2'))],
  ['rack:netwatch_server_spectral_error:min{rack_id="2"}', some('__name__ dc_id rack_id', { rack_id: '2' })],
  ['rack:netwatch_packets_lost:ratio_rate1m{rack_id="2"}', some('__name__ dc_id rack_id', { rack_id: '2' })],
  ['sum by (reason) (rate(netwatch_datagrams_rejected_total{rack_id="2"}[1m])) > 0', quiet('reason')],
  ['up{job="netwatch-rack", rack_id="1"}', some(RAW_RACK, { rack_id: '1' })],
  ['netwatch_datacenter_connected{rack_id="1"}', some(RAW_RACK, { rack_id: '1' })],
  ['netwatch_report_queue_length{rack_id="1"}', some(RAW_RACK, { rack_id: '1' })],
  ['rate(netwatch_reports_rejected_total[1m]) > 0', quiet('dc_id instance job reason')],
  ['rate(netwatch_report_connections_rejected_total[1m]) > 0', quiet('dc_id instance job reason')],
  ['up{job=~"netwatch-.+"} == 0', quiet(`${RAW_RACK}? server_id?`)],
  ['scrape_duration_seconds > 1', quiet(`${RAW_RACK}?`)],
  ['scrape_samples_scraped', { ...RAW_PROCESS, each: (choice) => [...(RAW_PROCESS.each?.(choice) ?? []), PROMETHEUS] }],
  [
    'server:netwatch_packets_lost:ratio_rate1m{rack_id="0", server_id="3"}',
    some(RECORDED_SERVER, { rack_id: '0', server_id: '3' }),
  ],
  ['netwatch_server_jitter_seconds{rack_id="0", server_id="3"}', some(RAW_SERVER, { rack_id: '0', server_id: '3' })],
  ['netwatch_packets_conflict_total{rack_id="0", server_id="3"}', some(RAW_SERVER, { rack_id: '0', server_id: '3' })],
  ['up{job="netwatch-agent", rack_id="0"}', some(RAW_RACK, { rack_id: '0' })],
  [
    'rate(netwatch_agent_samples_sent_total{rack_id="0", server_id="3"}[1m])',
    some('dc_id instance job rack_id server_id', { rack_id: '0', server_id: '3' }),
  ],
  ['rate(netwatch_agent_send_errors_total{rack_id="0"}[1m]) > 0', quiet('code dc_id instance job rack_id', 'outage')],
  ['rate(netwatch_datagrams_rejected_total{rack_id="0"}[1m]) > 0', quiet('dc_id instance job rack_id reason')],
]);

/** The servers of a rack. */
function of(rack: string): readonly Readonly<Record<string, string>>[] {
  return Array.from({ length: LAB_SIZE.servers }, (_, id) => ({ rack_id: rack, server_id: `${id}` }));
}
