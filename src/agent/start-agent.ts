import type { AgentConfig } from '../config/agent.ts';
import type { WallClock } from '../io/clock.ts';
import { drawBootId } from '../io/boot-id.ts';
import { closeAndLog } from '../io/close-and-log.ts';
import { startHttpServer, type HttpServer } from '../io/http.ts';
import { readKeyFile } from '../io/key-file.ts';
import { createLifecycle, type Lifecycle } from '../io/lifecycle.ts';
import type { Log } from '../io/log.ts';
import { createProbeRoutes } from '../io/probe-routes.ts';
import { openUdpSender } from '../io/udp-sender.ts';
import { createAgentMetrics, type AgentMetrics } from './agent-metrics.ts';
import { createChaos } from './chaos.ts';
import { createEmitter, type Emitter } from './emitter.ts';
import { ImpairedSender } from './impaired-sender.ts';
import { startControl } from './start-control.ts';
import { createVoices } from './voice.ts';

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly clock: WallClock;
  readonly log: Log;
  /** Version of this software. */
  readonly version: string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface Agent {
  /** Where /metrics is served. */
  readonly metricsPort: number;
  /** Where chaos is controlled, on 127.0.0.1; null: nowhere. */
  readonly controlPort: number | null;
  /** Stops the timers, then drops what chaos holds back, then closes the socket, then the HTTP server. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts an agent: one socket and one timer for all its servers. It sings as soon as the address of its rack is known,
 * and needs nobody to listen.
 * @throws Error that names the key or token file when it cannot be read
 * @throws ListenError when /metrics or the control endpoint cannot be served
 * @throws RangeError when a server cannot be announced
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, log } = options;
  const lifecycle = createLifecycle();
  const ports = await lifecycle.start(() => open(options, lifecycle));
  const { rackId, serverIds, sampleRateHz, wire } = config;
  const rack = `${config.rackControllerHost}:${config.rackControllerPort}`;
  log.info({ rackId, serverIds, sampleRateHz, wire, rack, ...ports }, 'agent started');
  return { ...ports, close: () => closeAndLog(lifecycle, log) };
}

type AgentPorts = Pick<Agent, 'metricsPort' | 'controlPort'>;

/** Opens all that an agent holds, so that it is closed in the reverse order. */
async function open(options: AgentOptions, lifecycle: Lifecycle): Promise<AgentPorts> {
  const { config, clock, log, version, random } = options;
  const { rackId, serverIds } = config;
  const key = config.keyFile === null ? null : await readKeyFile(config.keyFile);
  const impaired = new ImpairedSender({ clock });
  const metrics = createAgentMetrics({ rackId, serverIds, version, chaos: impaired });
  const emitter = createEmitter({
    voices: createVoices({ config, version, key }),
    sampleRateHz: config.sampleRateHz,
    clock,
    drawBootId: () => drawBootId(random),
    onSample: (place, lagSeconds) => metrics.countSample(place, lagSeconds),
    onStall: (behindSeconds, bootId) => log.warn({ behindSeconds, bootId }, 'stalled: the schedule begins anew'),
  });
  const onError = (error: unknown): void => log.error({ err: error }, 'a request failed');
  const http = await startMetrics({ config, metrics, emitter, onError });
  lifecycle.defer('HTTP server', () => http.close());
  const sender = openUdpSender({
    host: config.rackControllerHost,
    port: config.rackControllerPort,
    onError: createErrorCounter(metrics, log),
    random,
  });
  lifecycle.defer('UDP socket', () => sender.close());
  impaired.start((bytes) => sender.send(bytes));
  lifecycle.defer('impaired network', () => dropWaiting(impaired, log));
  const chaos = createChaos({ rackId, serverIds, clock, random, sender: impaired });
  const control = await startControl({ config, chaos, onError });
  lifecycle.defer('control of chaos', () => control?.close());
  lifecycle.defer('emitter', () => emitter.close());
  void sender.ready.then(() => emitter.start((bytes, place) => impaired.send(bytes, place)));
  return { metricsPort: http.address.port, controlPort: control?.address.port ?? null };
}

function startMetrics(parts: {
  config: AgentConfig;
  metrics: AgentMetrics;
  emitter: Emitter;
  onError: (error: unknown) => void;
}): Promise<HttpServer> {
  const { config, metrics, emitter, onError } = parts;
  return startHttpServer({
    host: config.metricsHost,
    port: config.metricsPort,
    purpose: 'metrics (--metrics-port)',
    routes: createProbeRoutes({
      metrics: metrics.registry,
      isReady: () => emitter.isRunning,
      notReady: 'The address of the rack controller is not known.',
    }),
    onError,
  });
}

function dropWaiting(impaired: ImpairedSender, log: Log): void {
  const dropped = impaired.close();
  if (dropped > 0) log.info({ dropped }, 'what chaos held back is dropped');
}

/** Counts every error, and logs the first of each kind: a rack that is away must not fill the log. */
function createErrorCounter(metrics: AgentMetrics, log: Log): (code: string) => void {
  const seen = new Set<string>();
  return (code) => {
    metrics.countError(code);
    if (seen.has(code)) return;
    seen.add(code);
    log.warn({ code }, 'sending failed; it goes on, and further errors of this kind are only counted');
  };
}
