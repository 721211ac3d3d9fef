import { once } from 'node:events';
import type { Server } from 'node:net';
import { ListenError } from './listen-error.ts';

export interface TcpPlace {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Completes "cannot listen for …". */
  readonly purpose: string;
}

/**
 * Lets a server of TCP, TLS or HTTP listen.
 * @returns where it listens
 * @throws ListenError when it cannot.
 */
export async function listenTcp(server: Server, place: TcpPlace): Promise<{ host: string; port: number }> {
  const { host, port } = place;
  try {
    const listening = once(server, 'listening');
    server.listen({ host, port });
    await listening;
  } catch (error) {
    throw new ListenError(error, { ...place, protocol: 'tcp' });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null
    ? { host: address.address, port: address.port }
    : { host, port };
}
