import { CHAOS_ACTIONS, SEND_ERROR_CODES } from '../metrics/agent-labels.ts';
import { LAG_BUCKETS_SECONDS } from '../metrics/buckets.ts';
import { HistogramCounts } from '../metrics/histogram-counts.ts';
import { createRegistry, type MetricsRegistry } from '../metrics/registry.ts';
import type { ChaosCounts } from './chaos-counts.ts';

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
  /** What is done to the network of its servers. */
  readonly chaos: { readonly impaired: ReadonlyMap<number, unknown>; readonly counts: ChaosCounts };
}

/** Makes the registry of an agent with every metric of the role provided. */
export function createAgentMetrics({ rackId, serverIds, version, chaos }: AgentMetricsOptions): AgentMetrics {
  const registry = createRegistry('agent', version);
  const sent = new Float64Array(serverIds.length);
  registry.source('netwatch_agent_samples_sent_total', function* () {
    for (const [place, serverId] of serverIds.entries()) {
      yield { labels: { rack_id: rackId, server_id: serverId }, value: sent[place] ?? null };
    }
  });
  const lag = new HistogramCounts(LAG_BUCKETS_SECONDS);
  registry.histogramSource('netwatch_agent_schedule_lag_seconds', () => {
    const { bucketCounts, sum, count } = lag;
    return [{ labels: {}, bucketCounts, sum, count }];
  });
  const errors = new Map<string, number>(SEND_ERROR_CODES.map((code) => [code, 0]));
  registry.source('netwatch_agent_send_errors_total', function* () {
    for (const [code, value] of errors) yield { labels: { code }, value };
  });
  registry.source('netwatch_agent_chaos_active', function* () {
    for (const [place, serverId] of serverIds.entries()) {
      yield { labels: { rack_id: rackId, server_id: serverId }, value: chaos.impaired.has(place) ? 1 : 0 };
    }
  });
  registry.source('netwatch_agent_chaos_packets_total', function* () {
    const { counts } = chaos;
    for (const action of CHAOS_ACTIONS) yield { labels: { action }, value: counts[action] };
  });
  return {
    registry,
    countSample(place, lagSeconds) {
      sent[place] = (sent[place] ?? 0) + 1;
      // A sample sent before its time is not late.
      lag.observe(Math.max(0, lagSeconds));
    },
    countError(code) {
      const known = errors.has(code) ? code : 'other';
      errors.set(known, (errors.get(known) ?? 0) + 1);
    },
  };
}
