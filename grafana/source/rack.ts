import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { graph, heatmapOf } from './graph.ts';
import { LINE_TO_SERVER, ROW_TO_SERVER } from './links.ts';
import { makeDashboard } from './make-dashboard.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_RACK, BY_SERVER, eachServer, quantile, RACKS, SERVERS, serverStatus } from './scope.ts';
import {
  chaosTable,
  faultsOverTime,
  faultsTable,
  packetLoss,
  serversByStatus,
  statusTimeline,
} from './shared-panels.ts';
import { stats } from './stat.ts';
import { ERROR_STEPS, SCORE_STEPS, SCORE_TEXT, SERVER_STATUS_TEXT, steps, COLOURS, yesNo } from './status.ts';
import { tableOf, type ValueColumn } from './table.ts';

const SERVER_LINE = 'server {{server_id}}';

/** One rack: which of its servers are ill, and whether all are. */
export function rackDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-rack',
    description: 'The servers of a rack side by side: what one has alone is its own fault, what all have is the rack.',
    variables: { rack: 'one', server: 'several' },
    sections: [
      { title: 'Symptoms', panels: [scores(), serversByStatus(RACKS, { width: 10 }), connection()] },
      {
        title: 'Each server',
        panels: [serversTable(), faultsTable(RACKS, 12), chaosTable(12), statusTimeline(SERVERS, 9)],
      },
      { title: 'What each server suffers', panels: gauges() },
      { title: 'The rack as a whole', panels: [latency(), latencyHeatmap(), packetLoss(RACKS), faultsOverTime(RACKS)] },
    ],
  });
}

function scores(): PlacedPanel {
  const own = `max by (${BY_RACK}) (netwatch_rack_health_score{${RACKS}})`;
  return stats({
    title: 'Score',
    description:
      'Health of the rack as it hears its servers itself, and as the datacenter knows it from its reports. They agree within a report; the datacenter says 0 when the reports stopped.',
    width: 8,
    height: 5,
    unit: 'none',
    decimals: 3,
    min: 0,
    max: 1,
    steps: SCORE_STEPS,
    queries: [
      { expr: own, legend: 'heard itself' },
      { expr: `max by (${BY_RACK}) (netwatch_dc_rack_health_score{${RACKS}})`, legend: 'known to the datacenter' },
      { expr: own, legend: 'status', mappings: SCORE_TEXT },
    ],
  });
}

function connection(): PlacedPanel {
  return stats({
    title: 'Reports',
    description:
      'Whether the rack is connected to its datacenter, and how old its newest report there is. From 5 s on the datacenter counts the rack as silent soon.',
    width: 6,
    height: 5,
    unit: 'none',
    queries: [
      {
        expr: `max by (${BY_RACK}) (netwatch_datacenter_connected{${RACKS}})`,
        legend: 'datacenter',
        mappings: yesNo('connected', 'not connected'),
        steps: steps(COLOURS.bad, [1, COLOURS.good]),
      },
      {
        expr: `time() - max by (${BY_RACK}) (netwatch_rack_last_report_timestamp_seconds{${RACKS}})`,
        legend: 'report age',
        unit: 's',
        decimals: 1,
        steps: steps(COLOURS.good, [5, COLOURS.bad]),
      },
    ],
  });
}

function serversTable(): PlacedPanel {
  const column = (title: string, metric: string, style: Partial<ValueColumn>): ValueColumn => ({
    title,
    expr: eachServer(metric, SERVERS),
    ...style,
  });
  const seconds = { unit: 's', decimals: 1 };
  return tableOf({
    title: 'Servers',
    description:
      'Every chosen server with all that is measured of it, the worst first. Delay is the change against what the rack learned, skew the rate of its clock against that of the rack. A click on a server opens it.',
    width: 24,
    height: 10,
    labels: { rack_id: 'Rack', server_id: 'Server', name: 'Name' },
    values: [
      { title: 'Status', expr: serverStatus(SERVERS), mappings: SERVER_STATUS_TEXT, painted: true },
      column('Error', 'netwatch_server_spectral_error', { decimals: 3, min: 0, max: 1, steps: ERROR_STEPS }),
      {
        title: 'SNR',
        expr: `clamp(${eachServer('netwatch_server_snr_db', SERVERS)}, -60, 120)`,
        unit: 'dB',
        decimals: 1,
      },
      column('Loss', 'netwatch_server_loss_ratio', { unit: 'percentunit', decimals: 1, min: 0, max: 1 }),
      column('Delay', 'netwatch_server_delay_seconds', seconds),
      column('Jitter', 'netwatch_server_jitter_seconds', { ...seconds, min: 0 }),
      column('PDV', 'netwatch_server_pdv_seconds', { ...seconds, min: 0 }),
      {
        title: 'Skew',
        expr: `1e6 * ${eachServer('netwatch_server_clock_skew_ratio', SERVERS)}`,
        unit: 'ppm',
        decimals: 1,
      },
      { title: 'Named', expr: `max by (${BY_SERVER}, name) (netwatch_server_info{${SERVERS}})`, decimals: 0 },
    ],
    hidden: ['Named'],
    sortedBy: 'Error',
    descending: true,
    links: { Server: ROW_TO_SERVER, Name: ROW_TO_SERVER },
  });
}

function gauges(): readonly PlacedPanel[] {
  const line = (title: string, description: string, metric: string, style: { unit: string; min?: number }) =>
    graph({
      title,
      description,
      width: 12,
      height: 8,
      queries: [{ expr: eachServer(metric, SERVERS), legend: SERVER_LINE }],
      link: LINE_TO_SERVER,
      ...style,
    });
  return [
    graph({
      title: 'Error',
      description:
        'Share of the power of a server’s signal that the network destroyed. Above the lower line a warning, above the upper one critical; 1 is a silent server.',
      width: 12,
      height: 8,
      unit: 'none',
      decimals: 3,
      min: 0,
      max: 1,
      steps: ERROR_STEPS,
      queries: [{ expr: eachServer('netwatch_server_spectral_error', SERVERS), legend: SERVER_LINE }],
      link: LINE_TO_SERVER,
    }),
    line(
      'Loss',
      'Share of the samples of the latest window that never came or came too late. 0 in a healthy lab; a line ends when its server fell silent long ago.',
      'netwatch_server_loss_ratio',
      { unit: 'percentunit', min: 0 },
    ),
    line(
      'Delay',
      'Change of the one-way delay against what the rack learned of this server; negative when the way became shorter. A step that all servers make is a new route of the rack.',
      'netwatch_server_delay_seconds',
      { unit: 's' },
    ),
    line(
      'Jitter',
      'How much the time between two samples varies on the way (RFC 3550, section 6.4.1).',
      'netwatch_server_jitter_seconds',
      { unit: 's', min: 0 },
    ),
  ];
}

function latency(): PlacedPanel {
  const at = (share: number, legend: string) => ({
    expr: quantile(share, 'netwatch_latency_ms', { selector: SERVERS, by: BY_RACK }),
    legend,
  });
  return graph({
    title: 'Latency of all its samples',
    description:
      'Median, 95th and 99th percentile of the time from send to receive, of all chosen servers together. The offset between the clocks is in it: read its changes, not its height.',
    width: 12,
    height: 8,
    unit: 'ms',
    min: 0,
    queries: [at(0.5, 'median'), at(0.95, '95th percentile'), at(0.99, '99th percentile')],
  });
}

function latencyHeatmap(): PlacedPanel {
  return heatmapOf({
    title: 'Latency, how often',
    description:
      'How many samples took how long, of all chosen servers together. Two bands mean that some servers or some packets take another way.',
    width: 12,
    height: 8,
    unit: 'ms',
    expr: `sum by (le) (increase(netwatch_latency_ms_bucket{${SERVERS}}[$__rate_interval]))`,
  });
}
