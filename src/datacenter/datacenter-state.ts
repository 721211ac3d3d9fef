import type { Log } from '../io/log.ts';
import { Aggregate } from './aggregate.ts';
import { ChaosJournal } from './chaos-journal.ts';
import { ChaosRejections } from './chaos-rejections.ts';
import { ConnectionCounts } from './connection-counts.ts';
import { createDatacenterMetrics } from './datacenter-metrics.ts';
import type { DatacenterOptions } from './datacenter-options.ts';
import type { DatacenterEvent } from '../wire/api/datacenter-event.ts';
import { RackLines } from './live/rack-lines.ts';
import { SocketCounts } from './live/socket-counts.ts';

export type DatacenterState = ReturnType<typeof createState>;

/** What a datacenter knows, and the metrics that tell of it. */
export function createState({ config, clock, log, version }: DatacenterOptions) {
  const aggregate = new Aggregate({
    ...config,
    startedSeconds: clock.nowSeconds(),
    onEvent: (event) => logEvent(log, event),
  });
  const connections = new ConnectionCounts();
  const chaos = new ChaosJournal(aggregate.events);
  const chaosRejections = new ChaosRejections();
  const socketCounts = new SocketCounts();
  const lines = new RackLines({ aggregate, nowSeconds: () => clock.nowSeconds() });
  const { watches, incidents } = lines;
  const metrics = createDatacenterMetrics({ version, aggregate, connections, chaos, chaosRejections, socketCounts });
  return { aggregate, connections, chaos, chaosRejections, socketCounts, lines, watches, incidents, metrics };
}

/** Servers are many: their changes and faults, and the lists of those that chaos is on, are in the API only. */
function logEvent(log: Log, event: DatacenterEvent): void {
  if (event.scope === 'server') return;
  if (event.scope === 'fault') {
    if (event.server_id === null) log.info(event, `a fault of a rack has ${event.to}`);
    return;
  }
  if (event.scope !== 'chaos') {
    log.info(event, 'status changed');
    return;
  }
  const { id, target, scope, description, reason } = event.chaos;
  log.info({ injection: id, target, scope, description, reason }, `chaos has ${event.to}`);
}
