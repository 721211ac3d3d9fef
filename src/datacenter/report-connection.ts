import type { WallClock } from '../io/clock.ts';
import type { Log } from '../io/log.ts';
import type { TcpConnection, TcpHandlers } from '../io/tcp-server.ts';
import type { Aggregate, LineRejection } from './aggregate.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import type { RackLines } from './live/rack-lines.ts';
import { ReportSession } from './report-session.ts';

/** Most acknowledgements and requests kept for a client that does not read them. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** What all connections share. */
export interface ConnectionContext {
  readonly aggregate: Aggregate;
  readonly counts: ConnectionCounts;
  /** Where requests for frames come from, and frames go. */
  readonly lines?: RackLines;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Serves one connection of the report port, whatever its client does. */
export function serveConnection(connection: TcpConnection, context: ConnectionContext): TcpHandlers {
  const { aggregate, counts, lines, clock, log } = context;
  const { id, remoteHost, remotePort } = connection;
  const client = log.child({ connection: id, remoteHost, remotePort });
  const seen = new Set<LineRejection>();
  const session = new ReportSession({
    connection: id,
    aggregate,
    ...(lines && { lines }),
    onReject(reason, detail) {
      // Once a reason and connection: what goes on is in the metrics.
      if (!seen.has(reason)) client.warn({ reason, detail }, 'report turned away');
      seen.add(reason);
    },
  });
  const write = (text: string): void => {
    connection.write(text);
    if (connection.bufferedBytes <= MAX_UNREAD_BYTES) return;
    counts.reject('slow-reader');
    client.warn('cut: it does not read what it is answered');
    connection.destroy();
  };
  lines?.open(id, (line) => write(`${line}\n`));
  counts.open++;
  client.info('connected');
  return {
    onData(bytes) {
      const answer = session.receive(bytes, clock.nowSeconds());
      if (answer !== '') write(answer);
    },
    onClose(reason) {
      session.close();
      lines?.close(id);
      counts.open--;
      if (reason === 'idle') counts.reject('idle');
      client.info({ reason }, 'disconnected');
    },
  };
}
