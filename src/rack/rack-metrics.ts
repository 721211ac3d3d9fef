import type { Verdict } from '../core/verdict.ts';
import { createRegistry, type MetricsRegistry } from '../metrics/registry.ts';
import { DATAGRAM_REJECTIONS, INCIDENT_DROPS, INCIDENT_REQUEST_DROPS } from '../metrics/rejections.ts';
import type { MetricNameOf } from '../metrics/table.ts';
import { sourceFaults } from './fault-metrics.ts';
import type { Frames } from './frames.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { Listening } from './listening.ts';
import type { Receiver } from './receiver.ts';
import type { Reporter } from './reporter.ts';
import type { HeldServer } from './server-table.ts';

export interface RackMetricsOptions {
  readonly rackId: number;
  readonly version: string;
  readonly listening: Listening;
  readonly receiver: Pick<Receiver, 'lag'>;
  readonly reporter: Pick<Reporter, 'isConnected' | 'sent' | 'dropped' | 'queued' | 'framesSent' | 'framesDropped'>;
  readonly frames: Pick<Frames, 'watched'>;
  readonly incidents: Pick<Incidents, 'begun' | 'bytes' | 'dropped' | 'droppedRequests'>;
}

type RackMetrics = MetricsRegistry<'rack'>;
/** Of each server one series at most, with no other labels than its ids. */
type ServerGauge = Exclude<
  Extract<MetricNameOf<'rack', 'gauge'>, `netwatch_server_${string}`>,
  'netwatch_server_info' | 'netwatch_server_status' | `netwatch_server_fault${string}`
>;
type PacketCounter = Extract<MetricNameOf<'rack', 'counter'>, `netwatch_packets_${string}`>;

/** Every metric of a rack, read from its state at each scrape. */
export function createRackMetrics(options: RackMetricsOptions): RackMetrics {
  const registry = createRegistry('rack', options.version);
  sourceVerdicts(registry, options);
  sourceFaults(registry, options);
  sourceStreams(registry, options);
  sourceRack(registry, options);
  return registry;
}

function sourceVerdicts(registry: RackMetrics, { listening }: RackMetricsOptions): void {
  const gauge = (name: ServerGauge, valueOf: (verdict: Verdict) => number | null) =>
    registry.source(name, function* () {
      for (const verdict of listening.verdicts) yield { labels: labelsOf(verdict), value: valueOf(verdict) };
    });
  gauge('netwatch_server_spectral_error', (verdict) => verdict.spectral_error);
  gauge('netwatch_server_snr_db', (verdict) => verdict.snr_db);
  gauge('netwatch_server_loss_ratio', (verdict) => verdict.loss_ratio);
  gauge('netwatch_server_delay_seconds', (verdict) => verdict.delay_seconds);
  gauge('netwatch_server_jitter_seconds', (verdict) => verdict.jitter_seconds);
  gauge('netwatch_server_clock_skew_ratio', ({ clock_skew_ppm: ppm }) => (ppm === null ? null : ppm / 1e6));
  gauge('netwatch_server_up', ({ status, last_heard: lastHeard }) => {
    if (status === 'silent') return 0;
    return lastHeard === null ? null : 1;
  });
}

function sourceStreams(registry: RackMetrics, { rackId, listening }: RackMetricsOptions): void {
  const { servers } = listening;
  const labelsOfHeld = ({ stream }: HeldServer) => ({ rack_id: rackId, server_id: stream.options.serverId });
  const counter = (name: PacketCounter, valueOf: (held: HeldServer) => number) =>
    registry.source(name, function* () {
      for (const held of servers) yield { labels: labelsOfHeld(held), value: valueOf(held) };
    });
  counter('netwatch_packets_received_total', ({ stream }) => stream.counts.received);
  counter('netwatch_packets_lost_total', ({ stream }) => stream.counts.lost);
  counter('netwatch_packets_late_total', ({ stream }) => stream.counts.late);
  counter('netwatch_packets_duplicate_total', ({ stream }) => stream.counts.duplicate);
  counter('netwatch_packets_reordered_total', ({ stream }) => stream.counts.reordered);
  counter('netwatch_packets_conflict_total', ({ stream }) => stream.counts.conflict);
  registry.histogramSource('netwatch_latency_ms', function* () {
    for (const held of servers) {
      const { bucketCounts, sumMs, count } = held.latency;
      yield { labels: labelsOfHeld(held), bucketCounts, sum: sumMs, count };
    }
  });
  registry.source('netwatch_server_pdv_seconds', function* () {
    for (const held of servers) yield { labels: labelsOfHeld(held), value: held.judgement?.pdvSeconds ?? null };
  });
  registry.source('netwatch_server_info', function* () {
    for (const held of servers) {
      if (held.announcement === null) continue;
      const { name, version } = held.announcement;
      yield { labels: { ...labelsOfHeld(held), name, version }, value: 1 };
    }
  });
}

function sourceRack(registry: RackMetrics, options: RackMetricsOptions): void {
  const { rackId, listening, receiver, reporter, frames, incidents } = options;
  const { servers, rejections } = listening;
  const one = (value: number | null) => [{ labels: {}, value }];
  registry.source('netwatch_rack_health_score', () => [{ labels: { rack_id: rackId }, value: listening.score }]);
  registry.source('netwatch_streams', () => one(servers.size));
  registry.source('netwatch_datagrams_rejected_total', () =>
    DATAGRAM_REJECTIONS.map((reason) => ({ labels: { reason }, value: rejections.count(reason) })),
  );
  registry.histogramSource('netwatch_receiver_lag_seconds', () => {
    const { bucketCounts, sum, count } = receiver.lag.histogram();
    return [{ labels: {}, bucketCounts: bucketCounts.slice(0, -1), sum, count }];
  });
  registry.source('netwatch_datacenter_connected', () => one(reporter.isConnected ? 1 : 0));
  registry.source('netwatch_reports_sent_total', () => one(reporter.sent));
  registry.source('netwatch_reports_dropped_total', () => one(reporter.dropped));
  registry.source('netwatch_report_queue_length', () => one(reporter.queued));
  registry.source('netwatch_watched_servers', () => one(frames.watched));
  registry.source('netwatch_frames_sent_total', () => one(reporter.framesSent));
  registry.source('netwatch_frames_dropped_total', () => one(reporter.framesDropped));
  registry.source('netwatch_incidents_total', () => one(incidents.begun));
  registry.source('netwatch_incidents_bytes', () => one(incidents.bytes));
  registry.source('netwatch_incidents_dropped_total', () =>
    INCIDENT_DROPS.map((reason) => ({ labels: { reason }, value: incidents.dropped(reason) })),
  );
  registry.source('netwatch_incident_requests_dropped_total', () =>
    INCIDENT_REQUEST_DROPS.map((reason) => ({ labels: { reason }, value: incidents.droppedRequests(reason) })),
  );
}

function labelsOf({ rack_id, server_id }: Verdict) {
  return { rack_id, server_id };
}
