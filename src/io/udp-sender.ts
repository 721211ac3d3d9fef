import { createSocket, type Socket } from 'node:dgram';
import { lookup as lookupName } from 'node:dns/promises';
import { once } from 'node:events';
import { createBackoff, type Backoff } from './backoff.ts';
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
  return new ResolvingSender(options);
}

class ResolvingSender implements UdpSender {
  readonly #options: UdpSenderOptions;
  readonly #resolveEveryMs: number;
  readonly #backoff: Backoff;
  readonly #ready = Promise.withResolvers<void>();
  #current: Connection | null = null;
  /** Whether anything failed since the last resolution began. */
  #failed = false;
  #failures = 0;
  #isResolving = false;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | null = null;

  constructor(options: UdpSenderOptions) {
    const { resolveEveryMs = 30_000, random } = options;
    const maxMs = Math.min(LONGEST_RETRY_MS, resolveEveryMs);
    this.#options = options;
    this.#resolveEveryMs = resolveEveryMs;
    this.#backoff = createBackoff({ initialMs: Math.min(FIRST_RETRY_MS, maxMs), maxMs, random });
    void this.#resolveAgain();
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  send(bytes: Uint8Array): void {
    if (this.#closing) return;
    if (!this.#current) {
      this.#options.onError('NOT_CONNECTED');
      return;
    }
    const { socket } = this.#current;
    try {
      socket.send(bytes, (error) => error && this.#failOf(socket, error));
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ready.resolve();
    // A resolution under way cannot be cancelled and is not waited for: what it opens it closes.
    this.#closing ??= this.#current ? closeSocket(this.#current.socket) : Promise.resolve();
    return this.#closing;
  }

  async #resolveAgain(): Promise<void> {
    const { host, lookup = lookupAll } = this.#options;
    this.#isResolving = true;
    const hadFailed = this.#failed;
    this.#failed = false;
    this.#failures = hadFailed ? this.#failures + 1 : 0;
    if (!hadFailed) this.#backoff.reset();
    try {
      const addresses = await lookup(host);
      if (!this.#closing) await this.#follow(addresses, hadFailed);
    } catch (error) {
      this.#fail(error);
    }
    this.#isResolving = false;
    if (!this.#closing) this.#schedule(this.#failed ? this.#backoff.nextMs() : this.#resolveEveryMs);
  }

  async #follow(addresses: readonly ResolvedAddress[], hadFailed: boolean): Promise<void> {
    if (!hadFailed && addresses.some(({ address }) => address === this.#current?.address)) return;
    const chosen = addresses[this.#failures % addresses.length];
    if (!chosen) throw new Error(`${this.#options.host} has no address`);
    // After errors the socket is new even at an unchanged address: the old one is bound to a local address that may be gone.
    const socket = await connect(chosen, this.#options.port);
    socket.on('error', (error) => this.#failOf(socket, error));
    const old = this.#current;
    this.#current = { socket, address: chosen.address };
    old?.socket.close();
    if (this.#closing) socket.close();
    this.#ready.resolve();
  }

  /** What a socket says that was replaced is no news. */
  #failOf(socket: Socket, error: Error): void {
    if (socket === this.#current?.socket) this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#closing) return;
    this.#options.onError(errorCode(error));
    // The first failure hastens the next resolution; those after it must not push it away again.
    if (!this.#failed && !this.#isResolving) this.#schedule(this.#backoff.nextMs());
    this.#failed = true;
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#resolveAgain(), waitMs);
  }
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
