import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { rackFaults, serverFaults } from './fault-panels.ts';
import { makeDashboard } from './make-dashboard.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_SERVER, eachServer, RACKS, SERVERS, serverStatus, SKEW, SNR } from './scope.ts';
import { packetGraphs, signalGraphs, wayGraphs } from './server-graphs.ts';
import { stats, timeline } from './stat.ts';
import { COLOURS, ERROR_STEPS, ON_PURPOSE, SERVER_STATUS_TEXT, SEVERITY_TEXT, steps } from './status.ts';
import { tableOf } from './table.ts';

/** One server: what the network does to it, and since when. */
export function serverDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-server',
    description: 'Everything that is measured of one server: its signal, the way of its packets, and its clock.',
    variables: { rack: 'one', server: 'one' },
    sections: [
      { title: 'Now', panels: [now(), announced(), faults()] },
      { title: 'Signal', panels: signalGraphs() },
      { title: 'The way', panels: wayGraphs() },
      { title: 'Packets', panels: packetGraphs() },
    ],
  });
}

function now(): PlacedPanel {
  return stats({
    title: 'Server',
    description:
      'What the server is now. Its status is the worse of its error and its worst fault. Error is the share of its signal that the network destroyed (warning from 0.2, critical from 0.5), loss that of its samples, delay the change against what the rack learned.',
    width: 24,
    height: 5,
    unit: 'none',
    queries: [
      { expr: serverStatus(SERVERS), legend: 'status', mappings: SERVER_STATUS_TEXT },
      {
        expr: eachServer('netwatch_server_spectral_error', SERVERS),
        legend: 'error',
        decimals: 3,
        steps: ERROR_STEPS,
      },
      {
        expr: SNR,
        legend: 'SNR',
        unit: 'dB',
        decimals: 1,
        steps: steps(COLOURS.bad, [0, COLOURS.warning], [6, COLOURS.good]),
      },
      {
        expr: eachServer('netwatch_server_loss_ratio', SERVERS),
        legend: 'loss',
        unit: 'percentunit',
        decimals: 1,
        steps: steps(COLOURS.good, [0.01, COLOURS.warning], [0.2, COLOURS.bad]),
      },
      {
        expr: eachServer('netwatch_server_delay_seconds', SERVERS),
        legend: 'delay',
        unit: 's',
        decimals: 1,
        steps: steps(COLOURS.unknown),
      },
      { expr: SKEW, legend: 'skew', unit: 'ppm', decimals: 1, steps: steps(COLOURS.unknown) },
    ],
  });
}

function announced(): PlacedPanel {
  return tableOf({
    title: 'What its agent announced',
    description: 'The name and release that the agent of this server announces of itself, every 10 s.',
    width: 12,
    height: 5,
    labels: { rack_id: 'Rack', server_id: 'Server', name: 'Name', version: 'Release' },
    values: [
      { title: 'Value', expr: `max by (${BY_SERVER}, name, version) (netwatch_server_info{${SERVERS}})`, decimals: 0 },
    ],
    hidden: ['Value'],
    sortedBy: 'Server',
  });
}

function faults(): PlacedPanel {
  return timeline({
    title: 'Faults',
    description:
      'Which faults the server has and had, each while its bar lasts, and how bad they are. rack-wide: it shares the fault of its rack, which is shown below. And when its agent breaks the network on purpose. Empty in a healthy lab: a bar begins with a fault.',
    width: 12,
    height: 5,
    mappings: SEVERITY_TEXT,
    queries: [
      { expr: serverFaults(SERVERS), legend: '{{kind}}' },
      { expr: rackFaults(RACKS), legend: 'its rack: {{kind}}' },
      {
        expr: `${ON_PURPOSE} * (max by (${BY_SERVER}) (netwatch_agent_chaos_active{${SERVERS}}) == 1)`,
        legend: 'broken on purpose by its agent',
      },
    ],
  });
}
