import { closeAndLog } from '../io/close-and-log.ts';
import { createLifecycle } from '../io/lifecycle.ts';
import { readTlsFiles } from '../io/tls-files.ts';
import type { DatacenterOptions } from './datacenter-options.ts';
import { createMetricsRoutes } from './datacenter-routes.ts';
import { createState } from './datacenter-state.ts';
import { startReportServer } from './report-server.ts';
import { serve } from './serve.ts';
import { startApi } from './start-api.ts';

const CHECK_MS = 250;

export interface Datacenter {
  readonly reportPort: number;
  readonly apiPort: number;
  readonly metricsPort: number;
  /** Idempotent: not ready, then no more reports, then no more answers. */
  close(): Promise<void>;
}

/**
 * Starts a datacenter controller: it gathers the reports of its racks and serves what they say.
 * @throws Error when a port is taken or a file cannot be read; nothing stays open then.
 */
export async function startDatacenter(options: DatacenterOptions): Promise<Datacenter> {
  const { config, clock, log } = options;
  const lifecycle = createLifecycle();
  let isListening = false;
  const isReady = (): boolean => isListening && !lifecycle.signal.aborted;
  const state = createState(options);
  const { aggregate, connections: counts, chaos, lines } = state;
  return lifecycle.start(async () => {
    const tls = await readTlsFiles(config);
    const apiPort = await startApi({ ...options, state, lifecycle, isReady });
    const place = { host: config.metricsHost, port: config.metricsPort, purpose: 'metrics (--metrics-port)' };
    const metricsPort = await serve(
      { log, lifecycle },
      { ...place, routes: createMetricsRoutes({ ...state, isReady }) },
    );
    const reports = await startReportServer({ config, tls, aggregate, counts, lines, clock, log });
    lifecycle.defer('report server', () => reports.close());
    const timer = setInterval(() => {
      aggregate.check(clock.nowSeconds());
      chaos.check(clock.nowSeconds());
    }, CHECK_MS);
    lifecycle.defer('silence check', () => clearInterval(timer));
    isListening = true;
    log.info({ reportPort: reports.port, apiPort, metricsPort }, 'listening');
    return { reportPort: reports.port, apiPort, metricsPort, close: () => closeAndLog(lifecycle, log) };
  });
}
