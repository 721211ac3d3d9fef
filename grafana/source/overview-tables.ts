import { ROW_TO_RACK, ROW_TO_SERVER } from './links.ts';
import type { PlacedPanel } from './panel.ts';
import { ALERTS_OF, BY_RACK, BY_SERVER, eachServer, RACK_SCORE, RACKS, serverStatus, WORST_ERROR } from './scope.ts';
import { ERROR_STEPS, SCORE_TEXT, SERVER_STATUS_TEXT } from './status.ts';
import { serverGrid, tableOf } from './table.ts';

/** Each rack with what tells how it is. */
export function racksTable(): PlacedPanel {
  const now = `max by (${BY_RACK})`;
  return tableOf({
    title: 'Racks',
    description:
      'Each rack as the datacenter knows it, the worst first. Its score is 0 when its reports stopped: the age of the last report tells that from a rack whose servers are all ill. Own faults are those that most of its servers have at once. A click on a rack opens it.',
    width: 12,
    height: 9,
    labels: { rack_id: 'Rack' },
    values: [
      { title: 'Status', expr: `${now} (${RACK_SCORE})`, mappings: SCORE_TEXT, painted: true },
      { title: 'Score', expr: `${now} (${RACK_SCORE})`, decimals: 3, min: 0, max: 1 },
      {
        title: 'Worst error',
        expr: WORST_ERROR,
        decimals: 3,
        min: 0,
        max: 1,
      },
      {
        title: 'Silent servers',
        expr: `sum by (${BY_RACK}) (netwatch_server_up{${RACKS}} == bool 0)`,
        decimals: 0,
        min: 0,
      },
      {
        title: 'Own faults',
        expr: `count by (${BY_RACK}) (netwatch_rack_fault{${RACKS}}) or 0 * ${now} (${RACK_SCORE})`,
        decimals: 0,
        min: 0,
      },
      {
        title: 'Report age',
        expr: `time() - ${now} (netwatch_rack_last_report_timestamp_seconds{${RACKS}})`,
        unit: 's',
        decimals: 1,
      },
    ],
    sortedBy: 'Score',
    links: { Rack: ROW_TO_RACK },
  });
}

/** The status of every server at a glance. */
export function grid(): PlacedPanel {
  return serverGrid({
    title: 'Servers now',
    description:
      'The status of every server: a column for each rack, a row for each server id. A whole column that is not healthy is the fault of a rack or its network, not of its servers. A dash is a server that its rack neither expects nor hears; a rack that cannot be scraped has no column, because of its servers nothing is known.',
    width: 12,
    height: 9,
    expr: serverStatus(RACKS),
    mappings: SERVER_STATUS_TEXT,
  });
}

/** The servers that suffer most. */
export function worstServers(): PlacedPanel {
  return tableOf({
    title: 'Worst servers',
    description:
      'The 15 servers with the largest error, the worst first. Error is the share of the signal that the network destroyed: warning from 0.2, critical from 0.5, and 1 for a silent server; the status is the worse of that and of the worst fault. Delay is the change against what the rack learned. A click on a server opens it.',
    width: 24,
    height: 9,
    labels: { rack_id: 'Rack', server_id: 'Server', name: 'Name' },
    values: [
      { title: 'Status', expr: serverStatus(RACKS), mappings: SERVER_STATUS_TEXT, painted: true },
      {
        title: 'Error',
        expr: eachServer('netwatch_server_spectral_error', RACKS),
        decimals: 3,
        min: 0,
        max: 1,
        steps: ERROR_STEPS,
      },
      {
        title: 'Loss',
        expr: eachServer('netwatch_server_loss_ratio', RACKS),
        unit: 'percentunit',
        decimals: 1,
        min: 0,
        max: 1,
      },
      { title: 'Delay', expr: eachServer('netwatch_server_delay_seconds', RACKS), unit: 's', decimals: 1 },
      { title: 'Jitter', expr: eachServer('netwatch_server_jitter_seconds', RACKS), unit: 's', decimals: 1, min: 0 },
      { title: 'Named', expr: `max by (${BY_SERVER}, name) (netwatch_server_info{${RACKS}})`, decimals: 0 },
    ],
    hidden: ['Named'],
    sortedBy: 'Error',
    descending: true,
    limit: 15,
    links: { Server: ROW_TO_SERVER, Rack: ROW_TO_RACK, Name: ROW_TO_SERVER },
  });
}

/** What Prometheus alerts of. */
export function alertsTable(): PlacedPanel {
  return tableOf({
    title: 'Alerts',
    description:
      'Alerts of this datacenter that fire, or are pending until they lasted long enough. Empty in a healthy lab. Prometheus shows each with its runbook, on /alerts.',
    width: 15,
    height: 8,
    labels: {
      alertname: 'Alert',
      severity: 'Severity',
      alertstate: 'State',
      rack_id: 'Rack',
      server_id: 'Server',
      instance: 'Process',
      job: 'Job',
      cause: 'Cause',
      kind: 'Fault',
    },
    hasRowsWithoutIds: true,
    values: [
      {
        title: 'Value',
        expr: `max by (alertname, severity, alertstate, rack_id, server_id, instance, job, cause, kind) (ALERTS{${ALERTS_OF}})`,
        decimals: 0,
      },
    ],
    hidden: ['Value'],
    sortedBy: 'Alert',
    links: { Server: ROW_TO_SERVER, Rack: ROW_TO_RACK },
  });
}
