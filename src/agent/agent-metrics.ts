import { createRegistry, type MetricsRegistry } from '../metrics/registry.ts';
import { metricDefinition } from '../metrics/table.ts';

/** The metrics of an agent. Counting a sample costs nothing but numbers: they are read at scrape time. */
export interface AgentMetrics {
  readonly registry: MetricsRegistry<'agent'>;
  /** @param place of the server in `serverIds` @param lagSeconds negative when it was sent before its time */
  countSample(place: number, lagSeconds: number): void;
  /** @param code of the system error */
  countError(code: string): void;
}

export interface AgentMetricsOptions {
  readonly rackId: number;
  readonly serverIds: readonly number[];
  readonly version: string;
}

/** Makes the registry of an agent with every metric of the role provided. */
export function createAgentMetrics({ rackId, serverIds, version }: AgentMetricsOptions): AgentMetrics {
  const registry = createRegistry('agent', version);
  const sent = new Float64Array(serverIds.length);
  registry.source('netwatch_agent_samples_sent_total', function* () {
    for (const [place, serverId] of serverIds.entries()) {
      yield { labels: { rack_id: rackId, server_id: serverId }, value: sent[place] ?? null };
    }
  });
  const { buckets } = metricDefinition('netwatch_agent_schedule_lag_seconds');
  const lag = { labels: {}, bucketCounts: new Float64Array(buckets.length), sum: 0, count: 0 };
  registry.histogramSource('netwatch_agent_schedule_lag_seconds', () => [lag]);
  const errors = registry.counter('netwatch_agent_send_errors_total');
  return {
    registry,
    countSample(place, lagSeconds) {
      sent[place] = (sent[place] ?? 0) + 1;
      // A sample sent before its time is not late.
      const lateSeconds = Math.max(0, lagSeconds);
      const bucket = buckets.findIndex((bound) => lateSeconds <= bound);
      if (bucket >= 0) lag.bucketCounts[bucket] = (lag.bucketCounts[bucket] ?? 0) + 1;
      lag.sum += lateSeconds;
      lag.count++;
    },
    countError: (code) => errors.inc({ code }),
  };
}
