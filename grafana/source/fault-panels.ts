import { graph } from './graph.ts';
import { ROW_TO_RACK, ROW_TO_SERVER } from './links.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_RACK, BY_SERVER } from './scope.ts';
import { timeline } from './stat.ts';
import { SEVERITY_TEXT } from './status.ts';
import { tableOf, type ValueColumn } from './table.ts';

// Faults of servers and of racks; the selector says of which.

const BY_SERVER_FAULT = `${BY_SERVER}, kind`;
const BY_RACK_FAULT = `${BY_RACK}, kind`;

/** How bad each fault of a server is, and of a rack: the number of `SEVERITY_TEXT`. */
export const serverFaults = (selector: string): string =>
  `max by (${BY_SERVER_FAULT}) (netwatch_server_fault_severity{${selector}})`;
export const rackFaults = (selector: string): string =>
  `max by (${BY_RACK_FAULT}) (netwatch_rack_fault_severity{${selector}})`;

/** The faults that racks themselves have now. */
export function rackFaultsTable(selector: string, width: number): PlacedPanel {
  const onset = `max by (${BY_RACK_FAULT}) (netwatch_rack_fault_onset_timestamp_seconds{${selector}})`;
  return tableOf({
    title: 'Faults of racks',
    description:
      'What most servers of a rack have since the same moment: the rack or its link is to blame, and not each of them. Empty in a healthy lab: only such a fault has a row.',
    width,
    height: 8,
    labels: { rack_id: 'Rack', kind: 'Fault' },
    values: columns(rackFaults(selector), onset),
    sortedBy: 'Severity',
    descending: true,
    links: { Rack: ROW_TO_RACK },
  });
}

/** The faults that servers have now. */
export function faultsTable(selector: string, width: number): PlacedPanel {
  const onset = `max by (${BY_SERVER_FAULT}) (netwatch_server_fault_onset_timestamp_seconds{${selector}})`;
  return tableOf({
    title: 'Active faults',
    description:
      'What is wrong with whom, the worst first, and since when: loss, jitter, delay-shift, silent and so on. Info changes no status. rack-wide: most of its rack have the same, which is a fault of the rack. observer: its rack controller was late itself. Empty in a healthy lab: only servers with a fault have a row.',
    width,
    height: 8,
    labels: { rack_id: 'Rack', server_id: 'Server', kind: 'Fault' },
    values: columns(serverFaults(selector), onset),
    sortedBy: 'Severity',
    descending: true,
    links: { Server: ROW_TO_SERVER, Rack: ROW_TO_RACK },
  });
}

/** How many servers have each kind of fault, over time. */
export function faultsOverTime(selector: string): PlacedPanel {
  return graph({
    title: 'Servers with a fault, by kind',
    description:
      'How many servers have each kind of fault. Empty in a healthy lab: only a fault that some server has, has a line.',
    width: 12,
    height: 8,
    unit: 'none',
    decimals: 0,
    min: 0,
    stacked: true,
    queries: [{ expr: `sum by (kind) (netwatch_server_fault{${selector}})`, legend: '{{kind}}' }],
  });
}

/** Each fault of a rack and of its servers as a bar over time. */
export function faultTimeline(racks: string, servers: string): PlacedPanel {
  return timeline({
    title: 'Faults over time',
    description:
      'Each fault of the rack and of its servers while it lasts, and how bad it is. Bars that begin at the same moment have a cause in common. Empty in a healthy lab: a bar begins with a fault.',
    width: 24,
    height: 9,
    mappings: SEVERITY_TEXT,
    queries: [
      { expr: rackFaults(racks), legend: 'the rack: {{kind}}' },
      { expr: serverFaults(servers), legend: 'server {{server_id}}: {{kind}}' },
    ],
  });
}

function columns(severity: string, onset: string): readonly ValueColumn[] {
  return [
    { title: 'Severity', expr: severity, mappings: SEVERITY_TEXT, painted: true },
    { title: 'For', expr: `time() - ${onset}`, unit: 'dtdurations', decimals: 0 },
  ];
}
