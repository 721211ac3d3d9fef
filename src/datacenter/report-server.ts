import type { DatacenterConfig } from '../config/datacenter.ts';
import { startTcpServer } from '../io/tcp-server.ts';
import type { WallClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import type { TlsMaterial } from '../io/tls-files.ts';
import type { ConnectionCounts, ConnectionRejection } from './connection-counts.ts';
import { serveConnection, type ConnectionContext } from './report-connection.ts';

/** After a connection was turned away and told of, others are only counted for so long. */
const QUIET_SECONDS = 60;

export interface ReportServerOptions extends ConnectionContext {
  readonly config: DatacenterConfig;
  readonly tls: TlsMaterial;
}

export interface ReportServer {
  readonly port: number;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Receives reports.
 * @throws ListenError when it cannot listen; Error when the TLS material is not valid.
 */
export async function startReportServer(options: ReportServerOptions): Promise<ReportServer> {
  const { config, tls, log } = options;
  const server = await startTcpServer({
    host: config.tcpListenHost,
    port: config.tcpListenPort,
    purpose: 'reports (--tcp-listen-port)',
    tls,
    maxConnections: config.maxConnections,
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    onConnection: (connection) => serveConnection(connection, options),
    onReject: createRejectionLog(options),
    onError: (error) => log.error({ err: error }, 'report port'),
  });
  return {
    port: server.address.port,
    close: () => server.close(),
  };
}

/** Counts connections that were turned away, and says so at most once a minute, however many knock. */
function createRejectionLog({ counts, clock, log }: { counts: ConnectionCounts; clock: WallClock; log: Log }) {
  let quietUntilSeconds = 0;
  return (reject: 'tls' | Exclude<ConnectionRejection, 'bad-tls'>): void => {
    const reason = reject === 'tls' ? 'bad-tls' : reject;
    counts.reject(reason);
    const nowSeconds = clock.nowSeconds();
    if (nowSeconds < quietUntilSeconds) return;
    quietUntilSeconds = nowSeconds + QUIET_SECONDS;
    log.warn(
      { reason, total: counts.rejected(reason) },
      'connection turned away; for a minute others are only counted',
    );
  };
}
