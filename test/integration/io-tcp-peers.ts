import { EventEmitter, once } from 'node:events';
import type { TestContext } from 'node:test';
import { connectWithBackoff, type TcpLineOptions } from '../../src/io/tcp-client.ts';
import { startTcpServer, type TcpServerOptions } from '../../src/io/tcp-server.ts';

const FAST = { firstRetryMs: 5, longestRetryMs: 20, random: () => 0 };

/** A server that keeps what it hears. */
export async function listen(context: TestContext, options: Partial<TcpServerOptions> = {}) {
  const events = new EventEmitter();
  const heard: string[] = [];
  const server = await startTcpServer({
    host: '127.0.0.1',
    port: 0,
    purpose: 'reports',
    maxConnections: 4,
    idleTimeoutMs: 60_000,
    onConnection(connection) {
      events.emit('open', connection);
      return {
        onData(bytes) {
          heard.push(bytes.toString());
          events.emit('data', heard.join(''));
        },
        onClose: (reason) => events.emit('closed', reason),
      };
    },
    onReject: (reason) => events.emit('rejected', reason),
    ...options,
  });
  context.after(() => server.close(0));
  const next = async (name: string): Promise<unknown> => (await once(events, name))[0] as unknown;
  return { server, port: server.address.port, heard, next };
}

/** A line that tells of its states. */
export function dial(context: TestContext, options: Partial<TcpLineOptions> & { port: number }) {
  const events = new EventEmitter();
  const states: string[] = [];
  const line = connectWithBackoff({
    host: '127.0.0.1',
    ...FAST,
    onState(state, cause) {
      states.push(cause === null ? state : `${state} ${cause}`);
      events.emit(state, cause);
    },
    onWritable: () => events.emit('writable'),
    ...options,
  });
  context.after(() => line.close(0));
  const next = async (name: string): Promise<unknown> => (await once(events, name))[0] as unknown;
  return { line, states, next };
}
