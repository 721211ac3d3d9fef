import type { DatacenterConfig } from '../config/datacenter.ts';
import { startTcpServer } from '../io/tcp-server.ts';
import type { TlsMaterial } from '../io/tls-files.ts';
import { serveConnection, type ConnectionContext } from './report-connection.ts';

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
  const { config, tls, counts, log } = options;
  const server = await startTcpServer({
    host: config.tcpListenHost,
    port: config.tcpListenPort,
    purpose: 'reports (--tcp-listen-port)',
    tls,
    maxConnections: config.maxConnections,
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    onConnection: (connection) => serveConnection(connection, options),
    onReject: (reason) => counts.reject(reason === 'tls' ? 'bad-tls' : reason),
    onError: (error) => log.error({ err: error }, 'report port'),
  });
  return {
    port: server.address.port,
    close: () => server.close(),
  };
}
