import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { ListenError } from './listen-error.ts';

export interface UdpReceiverOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Completes "cannot listen for …" when the port is taken. */
  readonly purpose: string;
  /** Wanted size of the kernel's receive buffer; the kernel may give less. */
  readonly receiveBufferBytes?: number;
  /** Called for every datagram, with nothing between the kernel and it. The bytes belong to the callee. */
  readonly onMessage: (bytes: Buffer, from: RemoteInfo) => void;
  readonly onError: (error: Error) => void;
}

export interface UdpReceiver {
  readonly address: { readonly host: string; readonly port: number };
  /** What the kernel gave; Linux counts its own bookkeeping in, twice what was asked. */
  readonly receiveBufferBytes: number;
  /** Idempotent; no message comes after it was called. */
  close(): Promise<void>;
}

/**
 * Listens for datagrams.
 * @throws ListenError when it cannot.
 */
export async function openUdpReceiver(options: UdpReceiverOptions): Promise<UdpReceiver> {
  const socket = await bind(options);
  const { onMessage, onError, receiveBufferBytes } = options;
  let closing: Promise<void> | null = null;
  socket.on('error', onError);
  socket.on('message', onMessage);
  if (receiveBufferBytes !== undefined) growBuffer(socket, receiveBufferBytes, onError);
  const { address, port } = socket.address();
  return {
    address: { host: address, port },
    receiveBufferBytes: socket.getRecvBufferSize(),
    close() {
      closing ??= closeSocket(socket);
      return closing;
    },
  };
}

async function bind({ host, port, purpose }: UdpReceiverOptions): Promise<Socket> {
  try {
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      const listening = once(socket, 'listening');
      socket.bind({ address, port });
      await listening;
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  } catch (error) {
    throw new ListenError(error, { purpose, protocol: 'udp', host, port });
  }
}

/** A smaller buffer than wanted loses datagrams only under bursts: worth a word, not worth a stop. */
function growBuffer(socket: Socket, bytes: number, onError: (error: Error) => void): void {
  try {
    socket.setRecvBufferSize(bytes);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
}

async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.removeAllListeners('message');
  socket.close();
  await closed;
}
