import { createRegistry, type MetricsRegistry } from '../metrics/registry.ts';
import {
  CHAOS_REJECTIONS,
  CONNECTION_REJECTIONS,
  REPORT_REJECTIONS,
  SOCKET_REJECTIONS,
} from '../metrics/rejections.ts';
import type { Aggregate } from './aggregate.ts';
import type { ChaosJournal } from './chaos-journal.ts';
import type { ChaosRejections } from './chaos-rejections.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import type { SocketCounts } from './live/socket-counts.ts';
import type { RackState } from './rack-state.ts';

export interface DatacenterMetricsOptions {
  readonly version: string;
  readonly aggregate: Aggregate;
  readonly connections: ConnectionCounts;
  readonly chaos: ChaosJournal;
  readonly chaosRejections: ChaosRejections;
  readonly socketCounts: SocketCounts;
}

type DatacenterMetrics = MetricsRegistry<'datacenter'>;

/** Every metric of a datacenter, read from its state at each scrape. */
export function createDatacenterMetrics(options: DatacenterMetricsOptions): DatacenterMetrics {
  const registry = createRegistry('datacenter', options.version);
  const { aggregate, connections } = options;
  registry.source('netwatch_dc_health_score', () => [{ labels: { dc_id: aggregate.dcId }, value: aggregate.score }]);
  sourceRacks(registry, aggregate);
  registry.source('netwatch_reports_rejected_total', () =>
    REPORT_REJECTIONS.map((reason) => ({ labels: { reason }, value: aggregate.rejected(reason) })),
  );
  registry.source('netwatch_report_connections', () => [{ labels: {}, value: connections.open }]);
  registry.source('netwatch_report_connections_rejected_total', () =>
    CONNECTION_REJECTIONS.map((reason) => ({ labels: { reason }, value: connections.rejected(reason) })),
  );
  registry.source('netwatch_events_total', () => [{ labels: {}, value: aggregate.events.total }]);
  registry.source('netwatch_fault_events_withheld', () => [{ labels: {}, value: aggregate.withheldFaults }]);
  registry.source('netwatch_history_without_room', () => [{ labels: {}, value: aggregate.history.withoutRoom }]);
  sourceSocket(registry, options);
  sourceChaos(registry, options);
  return registry;
}

function sourceSocket(registry: DatacenterMetrics, { socketCounts }: DatacenterMetricsOptions): void {
  registry.source('netwatch_socket_clients', () => [{ labels: {}, value: socketCounts.clients }]);
  registry.source('netwatch_socket_clients_rejected_total', () =>
    SOCKET_REJECTIONS.map((reason) => ({ labels: { reason }, value: socketCounts.rejected(reason) })),
  );
  registry.source('netwatch_socket_messages_sent_total', () => [{ labels: {}, value: socketCounts.sent }]);
  registry.source('netwatch_socket_messages_dropped_total', () => [{ labels: {}, value: socketCounts.dropped }]);
}

function sourceChaos(registry: DatacenterMetrics, { chaos, chaosRejections }: DatacenterMetricsOptions): void {
  registry.source('netwatch_chaos_active', function* () {
    const exposed = new Set<string>();
    for (const { scope: target, kinds } of chaos.active) {
      for (const kind of kinds) {
        // Two injections may say the same of the same servers; a kind has no space in it.
        const series = `${kind} ${target}`;
        if (!exposed.has(series)) yield { labels: { target, kind }, value: 1 };
        exposed.add(series);
      }
    }
  });
  registry.source('netwatch_chaos_notices_rejected_total', () =>
    CHAOS_REJECTIONS.map((reason) => ({ labels: { reason }, value: chaosRejections.count(reason) })),
  );
}

function sourceRacks(registry: DatacenterMetrics, aggregate: Aggregate): void {
  const perRack = (
    name:
      | 'netwatch_dc_rack_health_score'
      | 'netwatch_rack_last_report_timestamp_seconds'
      | 'netwatch_reports_received_total'
      | 'netwatch_reports_missed_total',
    valueOf: (rack: RackState) => number | null,
  ): void =>
    registry.source(name, function* () {
      for (const rack of aggregate.racks) yield { labels: { rack_id: rack.rackId }, value: valueOf(rack) };
    });
  perRack('netwatch_dc_rack_health_score', (rack) => rack.health.health_score);
  perRack('netwatch_rack_last_report_timestamp_seconds', (rack) => rack.health.last_report);
  perRack('netwatch_reports_received_total', (rack) => rack.received);
  perRack('netwatch_reports_missed_total', (rack) => rack.missed);
}
