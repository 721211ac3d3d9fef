import type { WallClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import type { TcpConnection, TcpHandlers } from '../io/tcp-server.ts';
import type { Aggregate, LineRejection } from './aggregate.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import { ReportSession } from './report-session.ts';

/** Most acknowledgements kept for a client that does not read them. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** What all connections share. */
export interface ConnectionContext {
  readonly aggregate: Aggregate;
  readonly counts: ConnectionCounts;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Serves one connection of the report port, whatever its client does. */
export function serveConnection(connection: TcpConnection, context: ConnectionContext): TcpHandlers {
  const { aggregate, counts, clock, log } = context;
  const { id, remoteHost, remotePort } = connection;
  const client = log.child({ connection: id, remoteHost, remotePort });
  const seen = new Set<LineRejection>();
  const session = new ReportSession({
    connection: id,
    aggregate,
    onReject(reason, detail) {
      // Once a reason and connection: what goes on is in the metrics.
      if (!seen.has(reason)) client.warn({ reason, detail }, 'report turned away');
      seen.add(reason);
    },
  });
  counts.open++;
  client.info('connected');
  return {
    onData(bytes) {
      const answer = session.receive(bytes, clock.nowSeconds());
      if (answer === '') return;
      connection.write(answer);
      if (connection.bufferedBytes <= MAX_UNREAD_BYTES) return;
      counts.reject('slow-reader');
      client.warn('cut: it does not read its acknowledgements');
      connection.destroy();
    },
    onClose(reason) {
      session.close();
      counts.open--;
      if (reason === 'idle') counts.reject('idle');
      client.info({ reason }, 'disconnected');
    },
  };
}
