import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createBackoff, type Backoff } from './backoff.ts';
import { withinDeadline } from './deadline.ts';
import { errorCode } from './listen-error.ts';
import type { TlsMaterial } from './tls-files.ts';

/** `waiting`: between two attempts. */
export type TcpLineState = 'connecting' | 'connected' | 'waiting' | 'closed';

export interface TcpLineOptions {
  readonly host: string;
  readonly port: number;
  /** Null or absent: plain TCP. */
  readonly tls?: TlsMaterial | null;
  /** Uniform in [0, 1); spreads the waits between attempts. */
  readonly random: () => number;
  /** Called on every change, with the code of the error that caused it (`ECONNREFUSED`), `ENDED` when the peer left, or null. */
  readonly onState?: (state: TcpLineState, cause: string | null) => void;
  /** Writes are taken: after every connect, and after a refused write once there is room again. */
  readonly onWritable?: () => void;
  readonly onData?: (bytes: Buffer) => void;
  readonly connectTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
}

export interface TcpLine {
  readonly state: TcpLineState;
  /**
   * Takes the bytes and returns true, or takes nothing and returns false: not connected, or the buffer is full.
   * `onWritten` hears whether the kernel got them; false when the connection broke before that. What the kernel got
   * may still be lost with the connection.
   */
  write(bytes: string | Uint8Array, onWritten?: (isWritten: boolean) => void): boolean;
  /** Flushes what was taken, until the deadline (1 s by default), then ends. Idempotent. */
  close(deadlineMs?: number): Promise<void>;
}

/** A connection that held this long was a good one: the next wait is the shortest again. */
const STABLE_AFTER_MS = 5000;

/**
 * A client line that connects, and connects again, until it is closed. What fails later is a state, not an exception.
 * @throws Error when the TLS material is not valid.
 */
export function connectWithBackoff(options: TcpLineOptions): TcpLine {
  return new ReconnectingLine(options);
}

class ReconnectingLine implements TcpLine {
  readonly #options: TcpLineOptions;
  readonly #backoff: Backoff;
  #state: TcpLineState = 'connecting';
  #socket: Socket;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | null = null;

  constructor(options: TcpLineOptions) {
    const { firstRetryMs = 250, longestRetryMs = 10_000, random } = options;
    this.#options = options;
    this.#backoff = createBackoff({ initialMs: firstRetryMs, maxMs: longestRetryMs, random });
    this.#socket = this.#connect();
  }

  get state(): TcpLineState {
    return this.#state;
  }

  write(bytes: string | Uint8Array, onWritten?: (isWritten: boolean) => void): boolean {
    if (this.#state !== 'connected' || this.#socket.writableNeedDrain || !this.#socket.writable) return false;
    this.#socket.write(bytes, (error) => onWritten?.(!error));
    return true;
  }

  close(deadlineMs = 1000): Promise<void> {
    if (this.#closing) return this.#closing;
    const wasConnected = this.#state === 'connected';
    clearTimeout(this.#timer);
    this.#closing = endSocket(this.#socket, wasConnected ? deadlineMs : 0);
    this.#become('closed', null);
    return this.#closing;
  }

  #become(next: TcpLineState, cause: string | null): void {
    this.#state = next;
    this.#options.onState?.(next, cause);
  }

  #connect(): Socket {
    const { connectTimeoutMs = 5000, tls, onData } = this.#options;
    let cause = 'ENDED';
    let connectedAtMs = Infinity;
    const socket = openSocket(this.#options);
    socket.setNoDelay(true);
    // Covers name resolution, TCP and TLS together; once connected, an idle line is no fault.
    const connectTimer = setTimeout(() => socket.destroy(timeoutError()), connectTimeoutMs);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(connectTimer);
      connectedAtMs = performance.now();
      this.#onConnect(socket);
    });
    socket.on('data', (bytes: Buffer) => onData?.(bytes));
    socket.on('drain', () => this.#state === 'connected' && this.#options.onWritable?.());
    socket.on('error', (error) => (cause = errorCode(error)));
    // The peer is leaving: whatever were written from now on would be lost.
    socket.on('end', () => {
      if (!this.#closing) socket.destroy();
    });
    socket.once('close', () => {
      clearTimeout(connectTimer);
      if (performance.now() - connectedAtMs >= STABLE_AFTER_MS) this.#backoff.reset();
      this.#onClose(cause);
    });
    return socket;
  }

  #onConnect(socket: Socket): void {
    socket.setKeepAlive(true, this.#options.keepAliveMs ?? 10_000);
    if (this.#closing) return;
    this.#become('connected', null);
    this.#options.onWritable?.();
  }

  #onClose(cause: string): void {
    if (this.#closing) return;
    this.#timer = setTimeout(() => this.#reconnect(), this.#backoff.nextMs());
    this.#become('waiting', cause);
  }

  #reconnect(): void {
    this.#become('connecting', null);
    if (!this.#closing) this.#socket = this.#connect();
  }
}

function openSocket({ host, port, tls }: TcpLineOptions): Socket {
  if (!tls) return connectTcp({ host, port });
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    // An IP address is no server name; Node then checks the certificate against the address.
    ...(isIP(host) ? {} : { servername: host }),
    ...(tls.ca && { ca: tls.ca }),
    ...(tls.cert && { cert: tls.cert }),
    ...(tls.key && { key: tls.key }),
  });
}

function timeoutError(): Error {
  return Object.assign(new Error('the connection took too long'), { code: 'ETIMEDOUT' });
}

async function endSocket(socket: Socket, deadlineMs: number): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  if (deadlineMs > 0) {
    socket.end();
    if (await withinDeadline(closed, deadlineMs)) return;
  }
  socket.destroy();
  await closed;
}
