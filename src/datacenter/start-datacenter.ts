import type { DatacenterConfig } from '../config/datacenter.ts';
import type { WallClock } from '../io/clock.ts';
import { closeAndLog } from '../io/close-and-log.ts';
import { startHttpServer, type HttpServerOptions } from '../io/http.ts';
import { createLifecycle, type Lifecycle } from '../io/lifecycle.ts';
import type { Log } from '../io/log.ts';
import { isLoopback } from '../io/loopback.ts';
import { readTlsFiles } from '../io/tls-files.ts';
import { readTokenFile } from '../io/token-file.ts';
import { MAX_NOTICE_BYTES } from '../wire/chaos-notice-schema.ts';
import { Aggregate } from './aggregate.ts';
import type { ChaosControl } from './chaos-control.ts';
import { ChaosJournal } from './chaos-journal.ts';
import { ChaosRejections } from './chaos-rejections.ts';
import { createAccess } from './api/access.ts';
import { ConnectionCounts } from './connection-counts.ts';
import { createDatacenterMetrics } from './datacenter-metrics.ts';
import { createApiRoutes, createMetricsRoutes } from './datacenter-routes.ts';
import type { DatacenterEvent } from './events.ts';
import { MAX_CLIENTS } from './live/admission.ts';
import { RackLines } from './live/rack-lines.ts';
import { SocketCounts } from './live/socket-counts.ts';
import { startLive } from './live/start-live.ts';
import { readPageFiles } from './page-files.ts';
import { startReportServer } from './report-server.ts';
import { readRunbooks } from './runbooks.ts';

const CHECK_MS = 250;
/** Connections of the API besides those of the live socket. */
const API_CONNECTIONS = 128;
const OPEN_API =
  'whoever reaches the API can read all of it: give --api-token-file, or let something that asks for a password stand before it';

export interface DatacenterOptions {
  readonly config: DatacenterConfig;
  readonly clock: WallClock;
  readonly log: Log;
  readonly version: string;
  /** How the lab of its servers is broken; null or left out: chaos is not done over its API. */
  readonly chaosControl?: ChaosControl | null;
}

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
  const { config, clock, log, chaosControl = null } = options;
  const lifecycle = createLifecycle();
  let isListening = false;
  const isReady = (): boolean => isListening && !lifecycle.signal.aborted;
  const state = createState(options);
  const { aggregate, connections: counts, chaos, lines } = state;
  return lifecycle.start(async () => {
    const tls = await readTlsFiles(config);
    const controlToken = config.controlTokenFile === null ? null : await readTokenFile(config.controlTokenFile);
    const apiToken = config.apiTokenFile === null ? null : await readTokenFile(config.apiTokenFile);
    if (apiToken === null && !isLoopback(config.apiHost)) log.warn({ host: config.apiHost }, OPEN_API);
    const runbooks = await readRunbooks();
    const pageFiles = await readPageFiles();
    const allowedOrigins = config.allowOrigin;
    const live = startLive({
      ...state,
      version: options.version,
      nowSeconds: () => clock.nowSeconds(),
      counts: state.socketCounts,
      access: createAccess({ apiToken, controlToken, allowedOrigins }),
    });
    lifecycle.defer('live socket', () => live.close());
    const apiPort = await serve(options, lifecycle, {
      host: config.apiHost,
      port: config.apiPort,
      purpose: 'the API (--api-port)',
      maxBodyBytes: MAX_NOTICE_BYTES,
      maxConnections: API_CONNECTIONS + MAX_CLIENTS,
      onUpgrade: (request, socket, head) => live.upgrade(request, socket, head),
      routes: createApiRoutes({
        ...state,
        clock,
        isReady,
        maxEvents: config.maxEvents,
        controlToken,
        runbooks,
        pageFiles,
        version: options.version,
        chaosControl,
        apiToken,
        allowedOrigins,
      }),
    });
    // Once more, so that its clients hear of the end before the server that they came through cuts them.
    lifecycle.defer('clients of the live socket', () => live.close());
    const metricsPort = await serve(options, lifecycle, {
      host: config.metricsHost,
      port: config.metricsPort,
      purpose: 'metrics (--metrics-port)',
      routes: createMetricsRoutes({ ...state, isReady }),
    });
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

/** What a datacenter knows, and the metrics that tell of it. */
function createState({ config, clock, log, version }: DatacenterOptions) {
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
  const { watches } = lines;
  const metrics = createDatacenterMetrics({ version, aggregate, connections, chaos, chaosRejections, socketCounts });
  return { aggregate, connections, chaos, chaosRejections, socketCounts, lines, watches, metrics };
}

async function serve(
  { log }: DatacenterOptions,
  lifecycle: Lifecycle,
  place: Omit<HttpServerOptions, 'onError'>,
): Promise<number> {
  const server = await startHttpServer({ ...place, onError: (error) => log.error({ err: error }, 'request failed') });
  lifecycle.defer(place.purpose, () => server.close());
  return server.address.port;
}

/** Servers are many: their changes, and the lists of those that chaos is on, are in the API only. */
function logEvent(log: Log, event: DatacenterEvent): void {
  if (event.scope === 'server') return;
  if (event.scope !== 'chaos') {
    log.info(event, 'status changed');
    return;
  }
  const { id, target, scope, description, reason } = event.chaos;
  log.info({ injection: id, target, scope, description, reason }, `chaos has ${event.to}`);
}
