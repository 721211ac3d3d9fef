import { SERVER_STATUSES } from '../core/verdict.ts';
import { IMPAIRMENT_KINDS } from '../netem/impairment.ts';
import { CHAOS_ACTIONS, SEND_ERROR_CODES } from './agent-labels.ts';
import { LAG_BUCKETS_SECONDS, LATENCY_BUCKETS_MS } from './buckets.ts';
import { counter, gauge, histogram } from './definition.ts';
import type { MetricDefinition, MetricType, Role } from './definition.ts';
import {
  ANY,
  AGENT,
  AGENT_SERVER,
  RACK,
  RACK_ITSELF,
  SERVER,
  SERVER_FAULT,
  RACK_FAULT,
  DATACENTER,
  DATACENTER_RACK,
  DATAGRAM_REJECTION,
  INCIDENT_DROP,
  INCIDENT_REQUEST_DROP,
  REPORT_REJECTION,
  CONNECTION_REJECTION,
  SOCKET_REJECTION,
  CHAOS_REJECTION,
} from './scopes.ts';

/**
 * Every metric of NetWatch, in the order of exposition. Registries, `docs/metrics.md` and the golden tests are made
 * from this table; a metric that is not here does not exist. Names and labels are public: they are added to, never
 * changed.
 */
export const METRICS = {
  // rack: what it hears of each server
  netwatch_server_spectral_error: gauge(
    SERVER,
    'share, 0 to 1',
    "Share of the signal's power that the network destroyed, over the latest window; 1 for a silent server.",
  ),
  netwatch_server_snr_db: gauge(
    SERVER,
    'decibels',
    'Signal to noise ratio of the tone over the latest window: 10 log10(S/N).',
  ),
  netwatch_server_loss_ratio: gauge(
    SERVER,
    'share, 0 to 1',
    'Share of the samples of the latest window that never came, or came after the deadline.',
  ),
  netwatch_server_delay_seconds: gauge(
    SERVER,
    'seconds',
    'Change of the one-way delay against the learned baseline; negative when it became shorter.',
  ),
  netwatch_server_jitter_seconds: gauge(SERVER, 'seconds', 'Interarrival jitter, RFC 3550 section 6.4.1.'),
  netwatch_server_pdv_seconds: gauge(
    SERVER,
    'seconds',
    'Packet delay variation over the latest window, RFC 5481: 95th percentile of the delay above the least one.',
  ),
  netwatch_server_clock_skew_ratio: gauge(
    SERVER,
    'ratio',
    "Rate of the rack's clock against the server's, minus one; 0.00005 is 50 ppm.",
  ),
  netwatch_server_up: gauge(SERVER, '1 or 0', '1 while the server is heard, 0 when it is expected and silent.'),
  netwatch_server_status: gauge(
    { roles: ['rack'], labels: { ...SERVER.labels, status: SERVER_STATUSES } },
    '1',
    '1 for the status that the server has now: the worse of its spectral error and its worst fault. Of its other statuses there is no series.',
  ),
  netwatch_server_fault: gauge(
    SERVER_FAULT,
    '1',
    '1 while the server has a fault of this kind; no series otherwise. rack-wide: it shares a netwatch_rack_fault, and that kind is not repeated here. observer: its rack controller was late itself, which is no fault of the server.',
  ),
  netwatch_server_fault_severity: gauge(
    SERVER_FAULT,
    '0, 1 or 2',
    'How bad a fault of the server is: 0 info, which changes no status, 1 warning, 2 critical; no series without that fault.',
  ),
  netwatch_server_fault_onset_timestamp_seconds: gauge(
    SERVER_FAULT,
    'Unix seconds',
    "When a fault of the server began, as estimated, on the rack's clock; no series without that fault.",
  ),
  netwatch_server_info: gauge(
    {
      roles: ['rack'],
      labels: {
        ...SERVER.labels,
        name: 'the name the agent announced, one at a time for each server',
        version: 'the release of the agent, one at a time for each server',
      },
    },
    '1',
    'What the agent of a server announced of itself; always 1.',
  ),
  netwatch_packets_received_total: counter(SERVER, 'datagrams', 'Samples received of a server, each counted once.'),
  netwatch_packets_lost_total: counter(
    SERVER,
    'datagrams',
    'Samples that had not come by the deadline; the gap of an agent restart is not loss.',
  ),
  netwatch_packets_late_total: counter(
    SERVER,
    'datagrams',
    'Samples that came after the deadline, counted lost before.',
  ),
  netwatch_packets_duplicate_total: counter(SERVER, 'datagrams', 'Samples that came again.'),
  netwatch_packets_reordered_total: counter(SERVER, 'datagrams', 'Samples that came after one sent later.'),
  netwatch_packets_conflict_total: counter(
    SERVER,
    'datagrams',
    'Samples of a second agent that claims the identity of one that is heard.',
  ),
  netwatch_latency_ms: histogram(
    SERVER,
    { unit: 'milliseconds', buckets: LATENCY_BUCKETS_MS },
    'Time from send to receive of each sample in milliseconds, clock offset included.',
  ),
  // rack: itself
  netwatch_rack_health_score: gauge(
    RACK_ITSELF,
    'score, 0 to 1',
    'Health of the rack as it hears it: 1 minus the mean error of the expected servers.',
  ),
  netwatch_rack_fault: gauge(
    RACK_FAULT,
    '1',
    '1 while most servers of the rack have this fault since the same moment: the fault of the rack or its link; no series otherwise.',
  ),
  netwatch_rack_fault_severity: gauge(
    RACK_FAULT,
    '0, 1 or 2',
    'How bad a fault of the rack is for the server that has it worst: 0 info, 1 warning, 2 critical; no series without that fault.',
  ),
  netwatch_rack_fault_onset_timestamp_seconds: gauge(
    RACK_FAULT,
    'Unix seconds',
    "When a fault of the rack began, as estimated, on the rack's clock; no series without that fault.",
  ),
  netwatch_streams: gauge(RACK, 'streams', 'Servers the rack holds state for.'),
  netwatch_datagrams_rejected_total: counter(
    DATAGRAM_REJECTION,
    'datagrams',
    'Datagrams turned away, by reason; they change no verdict.',
  ),
  netwatch_receiver_lag_seconds: histogram(
    RACK,
    { unit: 'seconds', buckets: LAG_BUCKETS_SECONDS },
    'How late the receiving thread itself was; lag is the fault of the observer, not of a server.',
  ),
  netwatch_datacenter_connected: gauge(RACK, '1 or 0', '1 while the rack is connected to its datacenter controller.'),
  netwatch_reports_sent_total: counter(RACK, 'reports', 'Reports handed to the connection to the datacenter.'),
  netwatch_reports_dropped_total: counter(RACK, 'reports', 'Reports dropped because the queue was full.'),
  netwatch_report_queue_length: gauge(RACK, 'reports', 'Reports kept until the datacenter can be reached.'),
  netwatch_watched_servers: gauge(
    RACK,
    'servers',
    'Servers that somebody watches live: the rack sends frames of them, with spectrum and slots.',
  ),
  netwatch_frames_sent_total: counter(RACK, 'frames', 'Frames of watched servers handed to the connection.'),
  netwatch_frames_dropped_total: counter(
    RACK,
    'frames',
    'Frames of watched servers dropped because the connection did not take them at once; reports come first.',
  ),
  netwatch_incidents_total: counter(RACK, 'capsules', 'Capsules of incidents begun: a server and its fault each.'),
  netwatch_incidents_dropped_total: counter(
    INCIDENT_DROP,
    'capsules',
    'Capsules of incidents that were not made, or not to their end, by reason.',
  ),
  netwatch_incident_requests_dropped_total: counter(
    INCIDENT_REQUEST_DROP,
    'requests',
    'Requests of the datacenter for the list of capsules or a part of one that were not answered, by reason.',
  ),
  netwatch_incidents_bytes: gauge(RACK, 'bytes', 'Bytes of all capsules of incidents that are kept.'),

  // datacenter
  netwatch_dc_health_score: gauge(
    { roles: ['datacenter'], labels: { dc_id: 'the id of this datacenter' } },
    'score, 0 to 1',
    'Health of the datacenter: the mean over the expected racks, a rack whose reports stopped counting 0.',
  ),
  netwatch_dc_rack_health_score: gauge(
    DATACENTER_RACK,
    'score, 0 to 1',
    'Health of a rack as the datacenter knows it; 0 when its reports stopped.',
  ),
  netwatch_rack_last_report_timestamp_seconds: gauge(
    DATACENTER_RACK,
    'Unix seconds',
    "Time of the newest report of a rack, on the rack's clock.",
  ),
  netwatch_reports_received_total: counter(DATACENTER_RACK, 'reports', 'Reports received of a rack.'),
  netwatch_reports_missed_total: counter(
    DATACENTER_RACK,
    'reports',
    'Reports of a rack that never came, by the gaps in their sequence numbers.',
  ),
  netwatch_reports_rejected_total: counter(REPORT_REJECTION, 'report lines', 'Report lines turned away, by reason.'),
  netwatch_report_connections: gauge(DATACENTER, 'connections', 'Connections of racks that are open.'),
  netwatch_report_connections_rejected_total: counter(
    CONNECTION_REJECTION,
    'connections',
    'Connections turned away or cut, by reason.',
  ),
  netwatch_history_without_room: gauge(
    DATACENTER,
    '1',
    'Racks and servers whose recent past is not kept, because what is kept of all others takes all there may be.',
  ),
  netwatch_events_total: counter(
    DATACENTER,
    'events',
    'Events recorded: changes of status, and faults and chaos that began or ended.',
  ),
  netwatch_fault_events_withheld: gauge(DATACENTER, 'faults', 'Faults without an event: their racks tell of too many.'),
  netwatch_socket_clients: gauge(DATACENTER, 'clients', 'Clients of the live socket that are connected.'),
  netwatch_socket_clients_rejected_total: counter(
    SOCKET_REJECTION,
    'clients',
    'Clients of the live socket turned away or cut, by reason.',
  ),
  netwatch_socket_messages_sent_total: counter(DATACENTER, 'messages', 'Messages sent to clients of the live socket.'),
  netwatch_socket_messages_dropped_total: counter(
    DATACENTER,
    'messages',
    'Messages left out because a client of the live socket reads too slowly; it gets a fresh snapshot afterwards.',
  ),
  netwatch_chaos_active: gauge(
    {
      roles: ['datacenter'],
      labels: { target: 'which servers, as `rack 0`; at most 64 injections at a time', kind: IMPAIRMENT_KINDS },
    },
    '1',
    '1 while an injection that was announced impairs these servers in this way; no series otherwise.',
  ),
  netwatch_chaos_notices_rejected_total: counter(
    CHAOS_REJECTION,
    'announcements',
    'Announcements of chaos turned away, by reason.',
  ),

  // agent
  netwatch_agent_samples_sent_total: counter(AGENT_SERVER, 'datagrams', 'Samples sent for a server.'),
  netwatch_agent_send_errors_total: counter(
    { roles: ['agent'], labels: { code: SEND_ERROR_CODES } },
    'datagrams',
    'Datagrams that could not be sent, by the code of the system error.',
  ),
  netwatch_agent_schedule_lag_seconds: histogram(
    AGENT,
    { unit: 'seconds', buckets: LAG_BUCKETS_SECONDS },
    'How long after its scheduled time a sample was sent.',
  ),
  netwatch_agent_chaos_active: gauge(
    AGENT_SERVER,
    '1 or 0',
    '1 while the agent breaks the network of this server on purpose.',
  ),
  netwatch_agent_chaos_packets_total: counter(
    { roles: ['agent'], labels: { action: CHAOS_ACTIONS } },
    'datagrams',
    'What the agent did to datagrams on purpose: not sent (lost, over_limit, and nearly all that are corrupted), sent twice, sent ahead of others.',
  ),

  // all
  netwatch_build_info: gauge(ANY, '1', 'The release and role of this process; always 1.'),
} as const satisfies Record<`netwatch_${string}`, MetricDefinition>;

type Metrics = typeof METRICS;

export type MetricName = keyof Metrics;

/** Names of the metrics of a type that a role exposes. */
export type MetricNameOf<R extends Role, T extends MetricType> = {
  [N in MetricName]: Metrics[N]['type'] extends T ? (R extends Metrics[N]['roles'][number] ? N : never) : never;
}[MetricName];

/** The row of a metric. */
export function metricDefinition(name: MetricName): MetricDefinition {
  return METRICS[name];
}

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** Names in the table's order, all of them or those that one role exposes. */
export function metricNames(role?: Role): readonly MetricName[] {
  const names = Object.keys(METRICS).filter(isMetricName);
  return role === undefined ? names : names.filter((name) => metricDefinition(name).roles.includes(role));
}
