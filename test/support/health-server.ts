import { once } from 'node:events';
import { createServer } from 'node:http';
import { lastingPort } from './lasting-port.ts';

export interface HealthServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A datacenter as small as can be: answers `GET /api/v1/health` with what `answer` gives. */
export async function startHealthServer(
  answer: () => { readonly status?: number; readonly body: string } | 'never',
  port = lastingPort(),
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const given = answer();
    if (given === 'never') return;
    const isHealth = request.method === 'GET' && request.url === '/api/v1/health';
    response.writeHead(isHealth ? (given.status ?? 200) : 404, { connection: 'close' });
    response.end(isHealth ? given.body : 'not found');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
