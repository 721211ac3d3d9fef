import type { RackConfig } from '../config/rack.ts';
import type { WallClock } from '../io/clock.ts';
import { drawBootId } from '../io/boot-id.ts';
import { closeAndLog } from '../io/close-and-log.ts';
import { startHttpServer } from '../io/http.ts';
import { readKeyFile } from '../io/key-file.ts';
import { createLifecycle, type Lifecycle } from '../io/lifecycle.ts';
import type { Log } from '../io/log.ts';
import { readTlsFiles } from '../io/tls-files.ts';
import { Frames } from './frames.ts';
import { createIncidents, type Incidents } from './incidents/incidents.ts';
import { Listening } from './listening.ts';
import { createRackMetrics, type RackMetricsOptions } from './rack-metrics.ts';
import { createRackRoutes } from './rack-routes.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { startReporter, type Reporter } from './reporter.ts';

/** How often arrivals are brought to their streams. Their time of reception is long taken, so this is not precision. */
const TICK_MS = 25;

export interface RackOptions {
  readonly config: RackConfig;
  readonly clock: WallClock;
  readonly log: Log;
  readonly version: string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** What the rack cannot go on without is gone. */
  readonly onFatal: (error: Error) => void;
}

export interface Rack {
  readonly udpPort: number;
  readonly metricsPort: number;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a rack controller: it listens to its servers, judges them every second and reports to the datacenter.
 * @throws Error when a port is taken or a file cannot be read; nothing stays open then.
 */
export async function startRack(options: RackOptions): Promise<Rack> {
  const { config, clock, log, version } = options;
  const lifecycle = createLifecycle();
  return lifecycle.start(async () => {
    const key = config.keyFile === null ? null : await readKeyFile(config.keyFile);
    const bootId = drawBootId(options.random);
    const frames = new Frames(config.rackId);
    const incidents = createIncidents(options);
    await incidents.load();
    const reporter = await openReporter(options, { bootId, frames, incidents });
    lifecycle.defer('report line', () => reporter.close());
    const receiver = await openReceiver(options);
    lifecycle.defer('receive thread', () => receiver.close());
    const startedSeconds = clock.nowSeconds();
    const { arrivals, lag } = receiver;
    const listening = new Listening({ config, key, bootId, version, startedSeconds, arrivals, lag, log });
    lifecycle.defer('capsules', () => incidents.close(clock.nowSeconds()));
    const metricsPort = await serveHttp({ ...options, lifecycle, listening, receiver, reporter, frames, incidents });
    const timer = setInterval(() => {
      const report = listening.tick(clock.nowSeconds());
      if (report) {
        incidents.judged(listening, report.timestamp);
        const { revision } = incidents;
        reporter.push(revision === null ? report : { ...report, incident_revision: revision });
      }
      incidents.tick(reporter, clock.nowSeconds());
      for (const frame of frames.due(listening, clock.nowSeconds())) reporter.offer(frame);
    }, TICK_MS);
    lifecycle.defer('timer', () => clearInterval(timer));
    log.info({ udpPort: receiver.port, metricsPort }, 'listening');
    return { udpPort: receiver.port, metricsPort, close: () => closeAndLog(lifecycle, log) };
  });
}

async function openReporter(
  options: RackOptions,
  parts: { readonly bootId: number; readonly frames: Frames; readonly incidents: Incidents },
): Promise<Reporter> {
  const { config, clock, log, random } = options;
  const { bootId, frames, incidents } = parts;
  return startReporter({
    host: config.dcControllerHost,
    port: config.dcControllerPort,
    tls: config.tls ? await readTlsFiles(config) : null,
    bootId,
    maxReports: config.reportQueue,
    random,
    onConnection: (isConnected, cause) =>
      isConnected ? log.info('datacenter connected') : log.warn({ cause }, 'datacenter not reachable'),
    onWatch: (request) => (request === null ? frames.stop() : frames.watch(request, clock.nowSeconds())),
    onIncidentRequest: (request) => incidents.ask(request),
  });
}

async function openReceiver({ config, clock, log, onFatal }: RackOptions): Promise<Receiver> {
  return startReceiver({
    host: config.udpListenHost,
    port: config.udpListenPort,
    clock,
    onError: (message) => log.warn({ error: message }, 'receive socket'),
    onLost: onFatal,
  });
}

async function serveHttp(
  options: RackOptions & Omit<RackMetricsOptions, 'rackId'> & { lifecycle: Lifecycle },
): Promise<number> {
  const { config, log, lifecycle, listening } = options;
  const metrics = createRackMetrics({ ...options, rackId: config.rackId });
  const http = await startHttpServer({
    host: config.metricsHost,
    port: config.metricsPort,
    purpose: 'metrics (--metrics-port)',
    routes: createRackRoutes({ listening, metrics, isReady: () => !lifecycle.signal.aborted }),
    onError: (error) => log.error({ err: error }, 'request failed'),
  });
  lifecycle.defer('http server', () => http.close());
  return http.address.port;
}
