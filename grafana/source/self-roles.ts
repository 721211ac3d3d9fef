import { half } from './half.ts';
import type { PlacedPanel } from './panel.ts';
import { BY_RACK, DATACENTER, quantile, RACKS } from './scope.ts';
import { COLOURS, steps } from './status.ts';

// What the three roles tell of themselves.

const RACK_LINE = 'rack {{rack_id}}';
const PER_SECOND = { unit: 'cps', min: 0 };

function rackRate(counter: string): string {
  return `sum by (${BY_RACK}) (rate(${counter}{${RACKS}}[$__rate_interval]))`;
}

/** A rack: does it hear in time, what does it turn away, do its reports leave? */
export function rackPanels(): readonly PlacedPanel[] {
  return [
    half(
      'Receive lag',
      '99th percentile of how late the receiving thread of each rack itself was. From 20 ms on (the line) its verdicts name the observer instead of a server.',
      { unit: 's', min: 0, steps: steps(COLOURS.good, [0.02, COLOURS.bad]) },
      [
        {
          expr: quantile(0.99, 'netwatch_receiver_lag_seconds', { selector: RACKS, by: BY_RACK }),
          legend: RACK_LINE,
        },
      ],
    ),
    half(
      'Rejected datagrams, by reason',
      'Datagrams that racks turned away each second. They change no verdict. Empty in a healthy lab: a reason has a line only while it is met.',
      PER_SECOND,
      [
        {
          expr: `sum by (${BY_RACK}, reason) (rate(netwatch_datagrams_rejected_total{${RACKS}}[$__rate_interval])) > 0`,
          legend: `${RACK_LINE}: {{reason}}`,
        },
      ],
    ),
    half(
      'Report queue',
      'Reports that each rack keeps until its datacenter can be reached. 0 or 1 in a healthy lab; it grows by one a second while the datacenter is away, and is emptied when it is back.',
      { unit: 'none', decimals: 0, min: 0 },
      [{ expr: `max by (${BY_RACK}) (netwatch_report_queue_length{${RACKS}})`, legend: RACK_LINE }],
    ),
    half(
      'Reports sent and dropped',
      'Reports handed to the connection to the datacenter, one a second in a healthy lab, and those dropped because the queue was full, which is 0 there.',
      PER_SECOND,
      [
        { expr: rackRate('netwatch_reports_sent_total'), legend: `${RACK_LINE}: sent` },
        { expr: rackRate('netwatch_reports_dropped_total'), legend: `${RACK_LINE}: dropped` },
      ],
    ),
    half(
      'Servers held',
      'For how many servers each rack holds state. More than there are: somebody invents servers.',
      { unit: 'none', decimals: 0, min: 0 },
      [{ expr: `max by (${BY_RACK}) (netwatch_streams{${RACKS}})`, legend: RACK_LINE }],
    ),
    half(
      'Samples received',
      'Samples of all servers that each rack received each second; in the lab 20 of each server.',
      { unit: 'pps', min: 0 },
      [{ expr: rackRate('netwatch_packets_received_total'), legend: RACK_LINE }],
    ),
  ];
}

/** The datacenter: do reports come, and what does it turn away? */
export function reportPanels(): readonly PlacedPanel[] {
  const rejected = (what: string) =>
    `sum by (reason) (rate(netwatch_${what}_rejected_total{${DATACENTER}}[$__rate_interval])) > 0`;
  return [
    half(
      'Reports received and missed',
      'Reports of each rack that came, one a second in a healthy lab, and those that never came by the gaps in their numbers, which is 0 there.',
      PER_SECOND,
      [
        { expr: rackRate('netwatch_reports_received_total'), legend: `${RACK_LINE}: received` },
        { expr: rackRate('netwatch_reports_missed_total'), legend: `${RACK_LINE}: missed` },
      ],
    ),
    half(
      'Age of the newest report',
      'How long ago the newest report of each rack was made, on the clock of the rack: a difference between the clocks is in it.',
      { unit: 's', min: 0, steps: steps(COLOURS.good, [5, COLOURS.bad]) },
      [
        {
          expr: `time() - max by (${BY_RACK}) (netwatch_rack_last_report_timestamp_seconds{${RACKS}})`,
          legend: RACK_LINE,
        },
      ],
    ),
    half(
      'Turned away',
      'Report lines, connections and announcements of chaos that the datacenter turned away each second, by reason. Empty in a healthy lab: a reason has a line only while it is met.',
      PER_SECOND,
      [
        { expr: rejected('reports'), legend: 'report: {{reason}}' },
        { expr: rejected('report_connections'), legend: 'connection: {{reason}}' },
        { expr: rejected('chaos_notices'), legend: 'chaos: {{reason}}' },
      ],
    ),
    half(
      'Connections and events',
      'Connections of racks that are open, one for each rack in a healthy lab; and how many changes of status and chaos were recorded in the last minute, few in a healthy lab.',
      { unit: 'none', decimals: 0, min: 0 },
      [
        { expr: `sum(netwatch_report_connections{${DATACENTER}})`, legend: 'connections' },
        { expr: `sum(rate(netwatch_events_total{${DATACENTER}}[$__rate_interval])) * 60`, legend: 'events a minute' },
      ],
    ),
  ];
}

/** Agents: do they send in time, and does it leave? */
export function agentPanels(): readonly PlacedPanel[] {
  const rate = (counter: string) => `(rate(${counter}{${RACKS}}[$__rate_interval]))`;
  return [
    half(
      'Schedule lag',
      '99th percentile of how long after its scheduled time a sample was sent. A late sample is no fault of the network: the time it was really sent is in it.',
      { unit: 's', min: 0 },
      [
        {
          expr: quantile(0.99, 'netwatch_agent_schedule_lag_seconds', { selector: RACKS, by: `${BY_RACK}, instance` }),
          legend: '{{instance}}',
        },
      ],
    ),
    half(
      'Send errors',
      'Datagrams that could not be sent, by the code of the system error. Empty in a healthy lab: a code has a line only while it is met.',
      PER_SECOND,
      [
        {
          expr: `sum by (instance, code) ${rate('netwatch_agent_send_errors_total')} > 0`,
          legend: '{{instance}}: {{code}}',
        },
      ],
    ),
    half(
      'Samples sent',
      'Samples that agents sent for the servers of each rack each second; in the lab 20 of each server.',
      { unit: 'pps', min: 0 },
      [{ expr: rackRate('netwatch_agent_samples_sent_total'), legend: RACK_LINE }],
    ),
    half(
      'Broken on purpose by agents',
      'What agents did to datagrams on purpose: not sent (lost, over_limit, and nearly all that are corrupted), sent twice, sent ahead of others. Empty in a healthy lab: only chaos in the lab of npm start does it there.',
      PER_SECOND,
      [
        {
          expr: `sum by (${BY_RACK}, action) ${rate('netwatch_agent_chaos_packets_total')} > 0`,
          legend: `${RACK_LINE}: {{action}}`,
        },
      ],
    ),
  ];
}
