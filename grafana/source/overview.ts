import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { graph } from './graph.ts';
import { LINE_TO_RACK, ROW_TO_RACK, ROW_TO_SERVER } from './links.ts';
import { makeDashboard } from './make-dashboard.ts';
import { BY_RACK, BY_SERVER, DATACENTER, eachServer, RACKS, serverStatus } from './scope.ts';
import {
  chaosTable,
  faultsOverTime,
  faultsTable,
  packetLoss,
  serversByStatus,
  statusTimeline,
} from './shared-panels.ts';
import { stats } from './stat.ts';
import { COLOURS, ERROR_STEPS, SCORE_STEPS, SCORE_TEXT, SERVER_STATUS_TEXT, steps } from './status.ts';
import { serverGrid, tableOf } from './table.ts';

const SCORE = `netwatch_dc_health_score{${DATACENTER}}`;
const WORST_ERROR = `rack:netwatch_server_spectral_error:max{${RACKS}}`;
// An alert that nobody is scraped at all has no datacenter.
const ALERTS_OF = 'dc_id=~"$datacenter|"';
const RACK_SCORE = `netwatch_dc_rack_health_score{${RACKS}}`;

/** Whom does it hurt, where, and was it us? */
export function overviewDashboard(): dashboard.Dashboard {
  return makeDashboard({
    uid: 'netwatch-overview',
    description: 'How the network treats the servers of a datacenter: symptoms first, then who has them, then why.',
    variables: { rack: 'several', server: null },
    sections: [
      { title: 'Symptoms', panels: [score(), serversByStatus(RACKS, { width: 11 }), alertsNow()] },
      { title: 'Where', panels: [racksTable(), grid(), worstServers()] },
      { title: 'What is wrong', panels: [faultsTable(RACKS), alertsTable(), chaosTable()] },
      { title: 'Over time', panels: [scores(), packetLoss(RACKS), worstOfRacks(), faultsOverTime(RACKS)] },
      { title: 'Every server over time', panels: [statusTimeline(RACKS)] },
    ],
  });
}

function score() {
  return stats({
    title: 'Datacenter score',
    description:
      'Mean health of the racks, 1 is well. A rack whose reports stopped counts as 0. Healthy from 0.8, critical below 0.5.',
    width: 8,
    height: 5,
    unit: 'none',
    min: 0,
    max: 1,
    steps: SCORE_STEPS,
    queries: [
      { expr: SCORE, legend: 'score', decimals: 3 },
      { expr: SCORE, legend: 'status', mappings: SCORE_TEXT },
    ],
  });
}

function alertsNow() {
  return stats({
    title: 'Firing alerts',
    description: 'How many alerts of this datacenter fire now. 0 in a healthy lab. The table below names them.',
    width: 5,
    height: 5,
    unit: 'none',
    decimals: 0,
    min: 0,
    steps: steps(COLOURS.good, [1, COLOURS.bad]),
    queries: [{ expr: `count(ALERTS{${ALERTS_OF}, alertstate="firing"}) or vector(0)`, legend: 'firing' }],
  });
}

function racksTable() {
  const now = `max by (${BY_RACK})`;
  return tableOf({
    title: 'Racks',
    description:
      'Each rack as the datacenter knows it, the worst first. Its score is 0 when its reports stopped: the age of the last report tells that from a rack whose servers are all ill. A click on a rack opens it.',
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

function grid() {
  return serverGrid({
    title: 'Servers now',
    description:
      'The status of every server: a column for each rack, a row for each server id. A whole column that is not healthy is the fault of a rack or its network, not of its servers. A dash is a server that was never heard.',
    width: 12,
    height: 9,
    expr: serverStatus(RACKS),
    mappings: SERVER_STATUS_TEXT,
  });
}

function worstServers() {
  return tableOf({
    title: 'Worst servers',
    description:
      'The 15 servers with the largest error, the worst first. Error is the share of the signal that the network destroyed: warning from 0.2, critical from 0.5, and 1 for a silent server. Delay is the change against what the rack learned. A click on a server opens it.',
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

function alertsTable() {
  return tableOf({
    title: 'Alerts',
    description:
      'Alerts of this datacenter that fire, or are pending until they lasted long enough. Empty in a healthy lab. Prometheus shows each with its runbook, on /alerts.',
    width: 8,
    height: 8,
    labels: {
      alertname: 'Alert',
      severity: 'Severity',
      alertstate: 'State',
      rack_id: 'Rack',
      server_id: 'Server',
      instance: 'Process',
    },
    values: [
      {
        title: 'Value',
        expr: `max by (alertname, severity, alertstate, rack_id, server_id, instance) (ALERTS{${ALERTS_OF}})`,
        decimals: 0,
      },
    ],
    hidden: ['Value'],
    sortedBy: 'Alert',
    links: { Server: ROW_TO_SERVER, Rack: ROW_TO_RACK },
  });
}

function scores() {
  return graph({
    title: 'Scores',
    description:
      'Health of the datacenter and of each rack, 1 is well. Below the upper line degraded, below the lower one critical. Marks show when something was broken on purpose.',
    width: 12,
    height: 8,
    unit: 'none',
    decimals: 2,
    min: 0,
    max: 1,
    steps: SCORE_STEPS,
    queries: [
      { expr: SCORE, legend: 'datacenter' },
      { expr: `max by (${BY_RACK}) (${RACK_SCORE})`, legend: 'rack {{rack_id}}' },
    ],
    link: LINE_TO_RACK,
  });
}

function worstOfRacks() {
  return graph({
    title: 'Error of the worst server of each rack',
    description:
      'The largest spectral error among the servers of a rack. Above the lower line a warning, above the upper one critical; 1 is a silent server.',
    width: 12,
    height: 8,
    unit: 'none',
    decimals: 3,
    min: 0,
    max: 1,
    steps: ERROR_STEPS,
    queries: [{ expr: WORST_ERROR, legend: 'rack {{rack_id}}' }],
    link: LINE_TO_RACK,
  });
}
