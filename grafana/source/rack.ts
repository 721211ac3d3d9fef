import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { faultsOverTime, faultsTable, faultTimeline, rackFaultsTable } from './fault-panels.ts';
import { graph, heatmapOf } from './graph.ts';
import { makeDashboard } from './make-dashboard.ts';
import type { PlacedPanel } from './panel.ts';
import { gauges, serversTable } from './rack-servers.ts';
import { BY_RACK, quantile, RACKS, SERVERS } from './scope.ts';
import { chaosTable, packetLoss, serversByStatus, statusTimeline } from './shared-panels.ts';
import { stats } from './stat.ts';
import { COLOURS, SCORE_STEPS, SCORE_TEXT, steps, yesNo } from './status.ts';

/** One rack: which of its servers are ill, and whether all are. */
export function rackDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-rack',
    description: 'The servers of a rack side by side: what one has alone is its own fault, what all have is the rack.',
    variables: { rack: 'one', server: 'several' },
    sections: [
      { title: 'Symptoms', panels: [scores(), serversByStatus(RACKS, { width: 11 }), connection()] },
      {
        title: 'Each server',
        panels: [
          serversTable(),
          rackFaultsTable(RACKS, 7),
          faultsTable(RACKS, 10),
          chaosTable(7),
          statusTimeline(SERVERS, 9),
          faultTimeline(RACKS, SERVERS),
        ],
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
    width: 7,
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
