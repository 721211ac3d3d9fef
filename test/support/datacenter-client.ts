import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { DatacenterConfig } from '../../src/config/datacenter.ts';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import type { DatacenterOptions } from '../../src/datacenter/datacenter-options.ts';
import { startDatacenter, type Datacenter } from '../../src/datacenter/start-datacenter.ts';
import { createWallClock } from '../../src/io/clock.ts';
import { createLog } from '../../src/io/log.ts';
import type { Report } from '../../src/wire/report-lines.ts';
import { parseExposition } from './exposition.ts';
import { waitUntil } from './wait-until.ts';

const HOST = '127.0.0.1';

const CONFIG: DatacenterConfig = {
  dcId: 'dc-1',
  tcpListenHost: HOST,
  tcpListenPort: 0,
  apiHost: HOST,
  apiPort: 0,
  metricsHost: HOST,
  metricsPort: 0,
  numRacks: 0,
  rackTimeoutSeconds: 3,
  forgetAfterSeconds: 900,
  maxConnections: 16,
  idleTimeoutSeconds: 60,
  maxEvents: 1000,
  tlsCertFile: null,
  tlsKeyFile: null,
  tlsCaFile: null,
  controlTokenFile: null,
  apiTokenFile: null,
  allowOrigin: [],
  labFile: null,
  logLevel: 'info',
};

/** A running datacenter, and what its ports say. */
export interface RunningDatacenter {
  readonly datacenter: Datacenter;
  readonly health: () => Promise<DatacenterHealth>;
  /** The value of a series of `/metrics`, written as it is exposed; null when it is not. */
  readonly metric: (series: string) => Promise<number | null>;
  /** Resolves once a series has this value; rejects when it has not for long. */
  readonly metricIs: (series: string, value: number) => Promise<void>;
  readonly get: (path: string, port?: number) => Promise<Response>;
}

export async function runDatacenter(
  context: TestContext,
  changes: Partial<DatacenterConfig> = {},
  more: Partial<DatacenterOptions> = {},
): Promise<RunningDatacenter> {
  const datacenter = await start(changes, more);
  context.after(() => datacenter.close());
  const get = (path: string, port = datacenter.apiPort) => fetch(`http://${HOST}:${port}${path}`);
  const metric = async (series: string): Promise<number | null> =>
    parseExposition(await (await get('/metrics')).text()).series(series);
  return {
    datacenter,
    get,
    metric,
    health: async () => (await (await get('/api/v1/health')).json()) as DatacenterHealth,
    metricIs: async (series, value) => {
      await waitUntil(`${series} is ${value}`, async () => (await metric(series)) === value);
    },
  };
}

export function start(changes: Partial<DatacenterConfig>, more: Partial<DatacenterOptions> = {}): Promise<Datacenter> {
  const log = createLog({ role: 'datacenter', level: 'info', destination: { write: () => undefined } });
  return startDatacenter({
    config: { ...CONFIG, ...changes },
    clock: createWallClock(),
    log,
    version: '1.2.3',
    ...more,
  });
}

/** A client of the report port that a test writes to as it likes. */
export interface ReportClient {
  readonly socket: Socket;
  send(report: Report): void;
  /** The next line the datacenter answers; rejects when the connection closes first. */
  answer(): Promise<unknown>;
  /** Resolves once the datacenter closed the connection. */
  readonly closed: Promise<void>;
}

export async function connectClient(context: TestContext, port: number): Promise<ReportClient> {
  const socket = connect({ host: HOST, port });
  await once(socket, 'connect');
  return clientOf(context, socket);
}

export function clientOf(context: TestContext, socket: Socket): ReportClient {
  context.after(() => socket.destroy());
  socket.on('error', () => undefined);
  // A TLS socket whose peer left may otherwise wait for ever for its last write.
  socket.on('end', () => socket.destroy());
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    closed,
    send: (report) => void socket.write(`${JSON.stringify(report)}\n`),
    async answer() {
      const { value, done } = await lines.next();
      if (done) throw new Error('the connection closed before an answer came');
      return JSON.parse(value) as unknown;
    },
  };
}
