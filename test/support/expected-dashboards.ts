import {
  AGENT_PROCESS,
  BUCKET,
  BY_INSTANCE,
  CHOOSABLE_DATACENTER,
  CHOOSABLE_RACK,
  CHOOSABLE_SERVER,
  type ExpectedAnswer,
  NAMED_SERVER,
  ONE,
  PROCESS,
  quiet,
  RACK,
  RAW_DATACENTER,
  RAW_PROCESS,
  RECORDED_RACK,
  RELEASED_SERVER,
  ROLES,
  RULE_GROUPS,
  SCRAPED_PROCESS,
  SERVER,
} from './expected-answers.ts';

/** Panel, the refIds of its questions, and what they are meant to answer. */
type Row = readonly [panel: string, refIds: string, expected: ExpectedAnswer];

const FAULT_TABLE = quiet('dc_id kind rack_id server_id');
const RACK_FAULTS = quiet('dc_id kind rack_id');
const FAULT_KINDS = quiet('kind');
const INJECTED = quiet('kind target');

const OVERVIEW: readonly Row[] = [
  ['Datacenter score', 'AB', RAW_DATACENTER],
  ['Servers by status', 'ABCDEF', ONE],
  ['Firing alerts', 'A', ONE],
  ['Racks', 'ABDEF', RACK],
  ['Racks', 'C', RECORDED_RACK],
  ['Servers now', 'A', SERVER],
  ['Worst servers', 'ABCDE', SERVER],
  ['Worst servers', 'F', NAMED_SERVER],
  ['Faults of racks', 'AB', RACK_FAULTS],
  ['Active faults', 'AB', FAULT_TABLE],
  ['Alerts', 'A', quiet('alertname alertstate severity rack_id? server_id? instance? job? cause? kind?')],
  ['Injected now', 'A', INJECTED],
  ['Scores', 'A', RAW_DATACENTER],
  ['Scores', 'B', RACK],
  ['Packet loss of each rack', 'A', RACK],
  ['Error of the worst server of each rack', 'A', RECORDED_RACK],
  ['Servers with a fault, by kind', 'A', FAULT_KINDS],
  ['Status of each server', 'A', SERVER],
];

const RACK_DASHBOARD: readonly Row[] = [
  ['Score', 'ABC', RACK],
  ['Servers by status', 'ABCDEF', ONE],
  ['Reports', 'AB', RACK],
  ['Servers', 'ABCDEFGH', SERVER],
  ['Servers', 'I', NAMED_SERVER],
  ['Faults of racks', 'AB', RACK_FAULTS],
  ['Active faults', 'AB', FAULT_TABLE],
  ['Injected now', 'A', INJECTED],
  ['Status of each server', 'A', SERVER],
  ['Faults over time', 'A', RACK_FAULTS],
  ['Faults over time', 'B', FAULT_TABLE],
  ['Error', 'A', SERVER],
  ['Loss', 'A', SERVER],
  ['Delay', 'A', SERVER],
  ['Jitter', 'A', SERVER],
  ['Latency of all its samples', 'ABC', RACK],
  ['Latency, how often', 'A', BUCKET],
  ['Packet loss of each rack', 'A', RACK],
  ['Servers with a fault, by kind', 'A', FAULT_KINDS],
];

const SERVER_DASHBOARD: readonly Row[] = [
  ['Server', 'ABCDEF', SERVER],
  ['What its agent announced', 'A', RELEASED_SERVER],
  ['Faults', 'A', FAULT_TABLE],
  ['Faults', 'B', RACK_FAULTS],
  ['Faults', 'C', quiet('dc_id rack_id server_id')],
  ['Error', 'A', SERVER],
  ['SNR', 'A', SERVER],
  ['Loss', 'AB', SERVER],
  ['Delay', 'A', SERVER],
  ['Jitter and delay variation', 'AB', SERVER],
  ['Clock skew', 'A', SERVER],
  ['Latency, how often', 'A', BUCKET],
  ['Latency', 'ABC', SERVER],
  ['Sent and received', 'AB', SERVER],
  ['Lost, late, duplicate, reordered, conflicting', 'ABCDE', SERVER],
];

const SELF: readonly Row[] = [
  ['Symptoms', 'ABCD', ONE],
  ['Scraped processes', 'ABCDE', SCRAPED_PROCESS],
  ['Receive lag', 'A', RACK],
  ['Rejected datagrams, by reason', 'A', quiet('dc_id rack_id reason')],
  ['Report queue', 'A', RACK],
  ['Reports sent and dropped', 'AB', RACK],
  ['Servers held', 'A', RACK],
  ['Samples received', 'A', RACK],
  ['Reports received and missed', 'AB', RACK],
  ['Age of the newest report', 'A', RACK],
  ['Turned away', 'ABC', quiet('reason')],
  ['Connections and events', 'AB', ONE],
  ['Servers watched live', 'A', RACK],
  ['Frames sent and dropped', 'AB', RACK],
  ['Clients of the live socket', 'A', ONE],
  ['Messages to clients', 'AB', ONE],
  ['Clients turned away', 'A', quiet('reason')],
  ['Without a past', 'A', ONE],
  ['Schedule lag', 'A', AGENT_PROCESS],
  ['Send errors', 'A', quiet('code instance')],
  ['Samples sent', 'A', RACK],
  ['Broken on purpose by agents', 'A', quiet('action dc_id rack_id')],
  ['CPU', 'A', PROCESS],
  ['Memory', 'A', RAW_PROCESS],
  ['Event loop lag', 'A', RAW_PROCESS],
  ['Garbage collection', 'A', BY_INSTANCE],
  ['Scrape time', 'A', RAW_PROCESS],
  ['Open files and connections', 'A', RAW_PROCESS],
  ['Releases', 'A', ROLES],
  ['Time for rules', 'A', RULE_GROUPS],
  ['Series in memory', 'A', RAW_DATACENTER],
];

/** What every expression of the dashboards is meant to answer, by its place. */
export const EXPECTED_OF_DASHBOARDS: ReadonlyMap<string, ExpectedAnswer> = new Map([
  ...places('netwatch-overview', OVERVIEW),
  ...places('netwatch-rack', RACK_DASHBOARD),
  ...places('netwatch-server', SERVER_DASHBOARD, true),
  ...places('netwatch-self', SELF),
  ['netwatch-rack: $server', CHOOSABLE_SERVER],
]);

function places(uid: string, rows: readonly Row[], hasServer = false): readonly (readonly [string, ExpectedAnswer])[] {
  return [
    ...rows.flatMap(([panel, refIds, expected]) =>
      Array.from(refIds, (refId) => [`${uid}: ${panel} ${refId}`, expected] as const),
    ),
    [`${uid}: $datacenter`, CHOOSABLE_DATACENTER],
    [`${uid}: $rack`, CHOOSABLE_RACK],
    ...(hasServer ? [[`${uid}: $server`, CHOOSABLE_SERVER] as const] : []),
    [`${uid}: mark Chaos`, INJECTED],
  ];
}

/** Panels that show 0 in a healthy lab and rise when something is broken. */
export const RISES: readonly string[] = [
  'netwatch-overview: Servers by status B',
  'netwatch-overview: Servers by status C',
  'netwatch-overview: Servers by status D',
  'netwatch-overview: Servers by status F',
  'netwatch-overview: Firing alerts A',
  'netwatch-overview: Racks D',
  'netwatch-overview: Racks E',
  'netwatch-overview: Packet loss of each rack A',
  'netwatch-rack: Loss A',
  'netwatch-server: Loss B',
  'netwatch-server: Lost, late, duplicate, reordered, conflicting A',
  'netwatch-server: Lost, late, duplicate, reordered, conflicting C',
  'netwatch-server: Lost, late, duplicate, reordered, conflicting D',
  'netwatch-self: Symptoms A',
];
