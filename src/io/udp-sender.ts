import { createSocket, type Socket } from 'node:dgram';
import { lookup as lookupName } from 'node:dns/promises';
import { once } from 'node:events';
import { createBackoff } from './backoff.ts';
import { errorCode } from './listen-error.ts';

/** An address that a name was resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

export interface UdpSenderOptions {
  readonly host: string;
  readonly port: number;
  /** How often the name is resolved again while all is well; 30 s by default. */
  readonly resolveEveryMs?: number;
  /** All addresses of a name, best first; the system's resolver by default. */
  readonly lookup?: (host: string) => Promise<readonly ResolvedAddress[]>;
  /**
   * Called for every datagram or resolution that failed, with the system's code (`ECONNREFUSED`, `ENOTFOUND`, …), or
   * `NOT_CONNECTED` for a datagram dropped because no address is known yet.
   */
  readonly onError: (code: string) => void;
  /** Uniform in [0, 1); spreads the waits after errors. */
  readonly random: () => number;
}

export interface UdpSender {
  /** Resolves once an address is known and datagrams go out, or when the sender is closed before that. */
  readonly ready: Promise<void>;
  /** Sends one datagram, or drops it and says why. Never throws. The bytes must not be written to afterwards. */
  send(bytes: Uint8Array): void;
  /** Idempotent. */
  close(): Promise<void>;
}

interface Connection {
  readonly socket: Socket;
  readonly address: string;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/**
 * Sends datagrams to a host by name, from one connected socket, so that the kernel tells when nobody listens there.
 * The name is resolved again from time to time, and soon after errors, with backoff: a receiver that restarts at its
 * old address is reached at once, one that comes back at another address within some 10 s.
 */
export function openUdpSender(options: UdpSenderOptions): UdpSender {
  const { host, port, resolveEveryMs = 30_000, lookup = lookupAll, onError } = options;
  const maxMs = Math.min(LONGEST_RETRY_MS, resolveEveryMs);
  const backoff = createBackoff({ initialMs: Math.min(FIRST_RETRY_MS, maxMs), maxMs, random: options.random });
  const ready = Promise.withResolvers<void>();
  let current: Connection | null = null;
  /** Whether anything failed since the last resolution began. */
  let failed = false;
  let failures = 0;
  let isResolving = false;
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | null = null;

  const fail = (error: unknown): void => {
    if (closing) return;
    onError(errorCode(error));
    // The first failure hastens the next resolution; those after it must not push it away again.
    if (!failed && !isResolving) schedule(backoff.nextMs());
    failed = true;
  };
  const schedule = (waitMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void resolveAgain(), waitMs);
  };
  const resolveAgain = async (): Promise<void> => {
    isResolving = true;
    const hadFailed = failed;
    failed = false;
    failures = hadFailed ? failures + 1 : 0;
    if (!hadFailed) backoff.reset();
    try {
      const addresses = await lookup(host);
      if (!closing) await follow(addresses, hadFailed);
    } catch (error) {
      fail(error);
    }
    isResolving = false;
    if (!closing) schedule(failed ? backoff.nextMs() : resolveEveryMs);
  };
  const follow = async (addresses: readonly ResolvedAddress[], hadFailed: boolean): Promise<void> => {
    if (!hadFailed && addresses.some(({ address }) => address === current?.address)) return;
    const chosen = addresses[failures % addresses.length];
    if (!chosen) throw new Error(`${host} has no address`);
    // After errors the socket is new even at an unchanged address: the old one is bound to a local address that may be gone.
    const socket = await connect(chosen, port);
    socket.on('error', (error) => socket === current?.socket && fail(error));
    const old = current;
    current = { socket, address: chosen.address };
    old?.socket.close();
    if (closing) socket.close();
    ready.resolve();
  };
  void resolveAgain();

  return {
    ready: ready.promise,
    send(bytes) {
      if (closing) return;
      if (!current) return onError('NOT_CONNECTED');
      const { socket } = current;
      try {
        socket.send(bytes, (error) => error && socket === current?.socket && fail(error));
      } catch (error) {
        fail(error);
      }
    },
    close() {
      clearTimeout(timer);
      ready.resolve();
      // A resolution under way cannot be cancelled and is not waited for: what it opens it closes.
      closing ??= current ? closeSocket(current.socket) : Promise.resolve();
      return closing;
    },
  };
}

function lookupAll(host: string): Promise<ResolvedAddress[]> {
  return lookupName(host, { all: true });
}

async function connect({ address, family }: ResolvedAddress, port: number): Promise<Socket> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(port, address);
    await connected;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
