import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { makeDashboard } from './make-dashboard.ts';
import { DATACENTER, OWN_JOBS, quantile, RACKS, BY_RACK } from './scope.ts';
import { livePanels } from './self-live.ts';
import { agentPanels, rackPanels, reportPanels } from './self-roles.ts';
import { half } from './half.ts';
import { stats } from './stat.ts';
import { COLOURS, steps, yesNo } from './status.ts';
import { tableOf } from './table.ts';

/** Is the instrument itself well? */
export function selfDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-self',
    description: 'Whether NetWatch itself can be trusted now: an observer that is late blames nobody, but sees less.',
    variables: { rack: 'several', server: null },
    sections: [
      { title: 'Can it be trusted now?', panels: [verdict(), scrapes()] },
      { title: 'Racks: receiving', panels: rackPanels() },
      { title: 'Datacenter: reports', panels: reportPanels() },
      { title: 'Live: frames and clients', panels: livePanels() },
      { title: 'Agents: sending', panels: agentPanels() },
      { title: 'Processes', panels: processPanels() },
      { title: 'Prometheus', panels: prometheusPanels() },
    ],
  });
}

function verdict() {
  const lag = quantile(0.99, 'netwatch_receiver_lag_seconds', { selector: RACKS, by: BY_RACK });
  const bad = (from: number) => steps(COLOURS.good, [from, COLOURS.bad]);
  return stats({
    title: 'Symptoms',
    description:
      'Processes that Prometheus cannot scrape; the receive lag of the worst rack (from 20 ms on the observer is at fault); racks that are not connected to the datacenter; reports dropped in the time shown. In a healthy lab all are 0, but for some milliseconds of lag.',
    width: 24,
    height: 5,
    unit: 'none',
    decimals: 0,
    queries: [
      { expr: `sum(up{${RACKS}, ${OWN_JOBS}} == bool 0)`, legend: 'not scraped', steps: bad(1) },
      {
        expr: `max(${lag})`,
        legend: 'receive lag, 99th percentile',
        unit: 's',
        decimals: 1,
        steps: bad(0.02),
      },
      { expr: `sum(netwatch_datacenter_connected{${RACKS}} == bool 0)`, legend: 'racks not connected', steps: bad(1) },
      {
        expr: `sum(increase(netwatch_reports_dropped_total{${RACKS}}[$__range]))`,
        legend: 'reports dropped',
        steps: bad(1),
      },
    ],
  });
}

function scrapes() {
  // Without their names, which would keep the answers of one process apart.
  const each = (metric: string) => `max by (job, instance, rack_id, server_id) (${metric}{${RACKS}, ${OWN_JOBS}})`;
  return tableOf({
    title: 'Scraped processes',
    description:
      'Every process that Prometheus scrapes, those that do not answer first: how long the last scrape took (it is cut off at 1.5 s) and how many series it brought.',
    width: 24,
    height: 9,
    labels: { instance: 'Process', job: 'Job', rack_id: 'Rack', server_id: 'Server' },
    hasRowsWithoutIds: true,
    values: [
      { title: 'State', expr: each('up'), mappings: yesNo('up', 'down'), painted: true },
      { title: 'Scrape time', expr: each('scrape_duration_seconds'), unit: 's', decimals: 1, min: 0 },
      { title: 'Series', expr: each('scrape_samples_scraped'), decimals: 0, min: 0 },
      { title: 'Memory', expr: each('process_resident_memory_bytes'), unit: 'bytes', decimals: 0, min: 0 },
      {
        title: 'Running for',
        expr: `time() - ${each('process_start_time_seconds')}`,
        unit: 'dtdurations',
        decimals: 0,
      },
    ],
    sortedBy: 'State',
  });
}

function processPanels() {
  const own = `{${RACKS}, ${OWN_JOBS}}`;
  return [
    half(
      'CPU',
      'Share of one core that each process takes. A rack has a thread that only receives, and may pass 100 %.',
      { unit: 'percentunit', min: 0 },
      [{ expr: `rate(process_cpu_seconds_total${own}[$__rate_interval])`, legend: '{{instance}}' }],
    ),
    half(
      'Memory',
      'Resident memory of each process. A server’s container may take 64 MiB. A line that only rises for hours is a leak.',
      { unit: 'bytes', min: 0 },
      [{ expr: `process_resident_memory_bytes${own}`, legend: '{{instance}}' }],
    ),
    half(
      'Event loop lag',
      '99th percentile of how late the main thread of each process ran its timers since the last scrape; some 10 ms are its own resolution. Samples are received in a thread of their own: lag here delays verdicts and pages, not the receiving.',
      { unit: 's', min: 0 },
      [{ expr: `nodejs_eventloop_lag_p99_seconds${own}`, legend: '{{instance}}' }],
    ),
    half(
      'Garbage collection',
      'Share of the time that each process spent collecting garbage. Above some per cent it has too little memory.',
      { unit: 'percentunit', min: 0 },
      [
        {
          expr: `sum by (instance) (rate(nodejs_gc_duration_seconds_sum${own}[$__rate_interval]))`,
          legend: '{{instance}}',
        },
      ],
    ),
    half(
      'Scrape time',
      'How long each scrape took. Prometheus gives up at 1.5 s, and the series have a gap then.',
      { unit: 's', min: 0 },
      [{ expr: `scrape_duration_seconds${own}`, legend: '{{instance}}' }],
    ),
    half(
      'Open files and connections',
      'File descriptors that each process holds. A line that only rises is a leak.',
      { unit: 'none', decimals: 0, min: 0 },
      [{ expr: `process_open_fds${own}`, legend: '{{instance}}' }],
    ),
    tableOf({
      title: 'Releases',
      description:
        'How many processes run each release in each role. More than one release in a role: an upgrade is under way.',
      width: 24,
      height: 5,
      labels: { role: 'Role', version: 'Release' },
      values: [
        {
          title: 'Processes',
          expr: `count by (role, version) (netwatch_build_info{${DATACENTER}})`,
          decimals: 0,
          min: 0,
        },
      ],
      sortedBy: 'Role',
    }),
  ];
}

function prometheusPanels() {
  return [
    half(
      'Time for rules',
      'How long each group of recording and alerting rules took. They are evaluated every 2 s: near that they are late.',
      { unit: 's', min: 0 },
      [{ expr: `prometheus_rule_group_last_duration_seconds{${DATACENTER}}`, legend: '{{rule_group}}' }],
    ),
    half(
      'Series in memory',
      'How many series Prometheus holds. It grows with the servers, by some 30 for each, and never with traffic.',
      { unit: 'short', min: 0 },
      [{ expr: `prometheus_tsdb_head_series{${DATACENTER}}`, legend: 'series' }],
    ),
  ];
}
