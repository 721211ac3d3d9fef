// Writes docs/metrics.md from the table of metrics. With --check it writes nothing and exits 1 if the file is not current.

import { fileURLToPath } from 'node:url';
import { readFile, writeFile } from 'node:fs/promises';
import type { LabelDomain, MetricDefinition, Role } from '../src/metrics/definition.ts';
import { metricDefinition, metricNames } from '../src/metrics/table.ts';
import type { MetricName } from '../src/metrics/table.ts';

const FILE = new URL('../docs/metrics.md', import.meta.url);

const ROLES: Readonly<Record<Role, string>> = {
  rack: 'what it hears of each server, and of itself',
  datacenter: 'what it knows of its racks',
  agent: 'what it sent',
};

/**
 * Queries that answer an operator's questions. They work whether or not the targets have a label `dc_id`, which tells
 * datacenters apart; where there is none, a label that is asked for is just empty.
 */
export const EXAMPLE_QUERIES: readonly { readonly question: string; readonly query: string }[] = [
  { question: 'The ten worst servers', query: 'topk(10, netwatch_server_spectral_error)' },
  {
    question: 'The same, with their names',
    query:
      'topk(10, netwatch_server_spectral_error * on (dc_id, rack_id, server_id) group_left (name) netwatch_server_info)',
  },
  {
    question: 'Racks that are not healthy, those whose reports stopped included',
    query: 'netwatch_dc_rack_health_score < 0.8',
  },
  {
    question: 'Loss of each rack over the last five minutes, all its samples together',
    query:
      'sum by (dc_id, rack_id) (rate(netwatch_packets_lost_total[5m])) / (sum by (dc_id, rack_id) (rate(netwatch_packets_lost_total[5m])) + sum by (dc_id, rack_id) (rate(netwatch_packets_received_total[5m])))',
  },
  {
    question: 'Share of what its agent sent that did not come to the rack, for each server',
    query:
      '1 - sum by (dc_id, rack_id, server_id) (rate(netwatch_packets_received_total[1m])) / sum by (dc_id, rack_id, server_id) (rate(netwatch_agent_samples_sent_total[1m]))',
  },
  {
    question: '95th percentile of the latency of each rack, in milliseconds',
    query: 'histogram_quantile(0.95, sum by (dc_id, rack_id, le) (rate(netwatch_latency_ms_bucket[5m])))',
  },
  { question: 'Servers that fell silent', query: 'netwatch_server_up == 0' },
  {
    question: 'Share of the last hour in which each server was heard',
    query: 'avg_over_time(netwatch_server_up[1h])',
  },
  {
    question: 'How many servers of each rack are healthy, warning, critical, silent and so on',
    query: 'count by (dc_id, rack_id, status) (netwatch_server_status)',
  },
  {
    question: 'Share of the last hour in which each server was healthy',
    query:
      'sum by (dc_id, rack_id, server_id) (sum_over_time(netwatch_server_status{status="healthy"}[1h])) / sum by (dc_id, rack_id, server_id) (sum_over_time(netwatch_server_status[1h]))',
  },
  { question: 'How many servers have a fault, by kind', query: 'sum by (dc_id, kind) (netwatch_server_fault)' },
  {
    question: 'For how many seconds each fault that is worse than info has lasted',
    query:
      'time() - netwatch_server_fault_onset_timestamp_seconds and on (dc_id, rack_id, server_id, kind) netwatch_server_fault_severity >= 1',
  },
  { question: 'What most servers of a rack have at once, and how bad it is', query: 'netwatch_rack_fault_severity' },
  {
    question: 'What is broken on purpose, to mark it on a dashboard',
    query: 'max by (dc_id, target, kind) (netwatch_chaos_active)',
  },
  {
    question: 'Datagrams turned away each second, by reason',
    query: 'sum by (dc_id, instance, reason) (rate(netwatch_datagrams_rejected_total[5m])) > 0',
  },
  {
    question: '99th percentile of the lag of the receiving threads; from 20 ms on the observer itself is at fault',
    query: 'histogram_quantile(0.99, sum by (dc_id, instance, le) (rate(netwatch_receiver_lag_seconds_bucket[5m])))',
  },
  {
    question: 'Racks whose reports stopped more than 5 s ago',
    query: 'time() - netwatch_rack_last_report_timestamp_seconds > 5',
  },
  { question: 'Racks that are cut off from their datacenter', query: 'netwatch_datacenter_connected == 0' },
  {
    question: 'Racks that dropped reports in the last hour',
    query: 'increase(netwatch_reports_dropped_total[1h]) > 0',
  },
  {
    question: 'Servers whose clock runs more than 100 ppm off that of their rack',
    query: 'abs(netwatch_server_clock_skew_ratio) * 1e6 > 100',
  },
  {
    question: 'Which releases run, and how many processes of each',
    query: 'count by (dc_id, role, version) (netwatch_build_info)',
  },
];

/** The whole of docs/metrics.md. */
export function renderMetricsDocs(): string {
  const everyRole = metricNames().filter((name) => metricDefinition(name).roles.length === 3);
  const sections = Object.entries(ROLES).map(([role, about]) => {
    const names = metricNames().filter((name) => metricDefinition(name).roles.join() === role);
    return section(`${role[0]?.toUpperCase()}${role.slice(1)}: ${about}`, names);
  });
  return (
    [
      '# Metrics',
      '<!-- Made by `npm run docs:metrics` from src/metrics/table.ts. Do not edit. -->',
      'Every role serves these on `GET /metrics`, in the text format of Prometheus. Names and labels are public: they are added to, never changed. A value that is not known yet has no series.',
      'Servers are measured by their rack only, so summing over racks counts nothing twice. `netwatch_rack_health_score` is how a rack hears itself; `netwatch_dc_rack_health_score` is what its datacenter knows of it, and is 0 once the reports stop.',
      'Metrics are in base units. `netwatch_latency_ms` is the one exception: its name and unit are a public contract and stay, so `promtool check metrics` has one remark about it and none about the rest.',
      ...sections,
      section('Every role', everyRole),
      'Besides these every role exposes the process metrics of prom-client, `process_*` and `nodejs_*`, without the three gauges whose names wrongly end in `_total`.',
      labelSection(),
      '## Example queries',
      'All of them are asked of a real Prometheus by the tests. What asks for what is wrong has no answer while all is well.',
      ...EXAMPLE_QUERIES.map(({ question, query }) => `${question}:\n\n\`\`\`promql\n${query}\n\`\`\``),
    ].join('\n\n') + '\n'
  );
}

function section(title: string, names: readonly MetricName[]): string {
  const rows = names.map((name) => row(name, metricDefinition(name)));
  return [`## ${title}\n`, '| metric | type | labels | unit | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}

function row(name: MetricName, { type, labels, unit, help, buckets }: MetricDefinition): string {
  const labelNames = Object.keys(labels).map((label) => `\`${label}\``);
  const meaning = buckets.length === 0 ? help : `${help} Buckets: ${buckets.join(', ')}.`;
  return `| \`${name}\` | ${type} | ${labelNames.join(', ') || 'none'} | ${unit} | ${meaning.replaceAll('|', '\\|')} |`;
}

/** The values of every label; those of one name may differ from metric to metric. */
function labelSection(): string {
  const rows = new Map<string, string[]>();
  for (const name of metricNames()) {
    for (const [label, domain] of Object.entries(metricDefinition(name).labels)) {
      const key = `| \`${label}\` | ${domainText(domain)} |`;
      rows.set(key, [...(rows.get(key) ?? []), `\`${name}\``]);
    }
  }
  const lines = [...rows].map(
    ([key, names]) => `${key} ${names.length > 2 ? `${names.length} metrics` : names.join(', ')} |`,
  );
  return ['## Labels\n', 'Every label is bounded.\n', '| label | values | of |', '|---|---|---|', ...lines].join('\n');
}

function domainText(domain: LabelDomain): string {
  return typeof domain === 'string' ? domain : domain.map((value) => `\`${value}\``).join(', ');
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = renderMetricsDocs();
  if (!args.includes('--check')) {
    await writeFile(FILE, wanted);
    return 0;
  }
  const found = await readFile(FILE, 'utf8').catch(() => null);
  if (found === wanted) return 0;
  process.stderr.write('docs/metrics.md is not current; run: npm run docs:metrics\n');
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
