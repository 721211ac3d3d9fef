import { Worker } from 'node:worker_threads';
import type { WallClock } from '../io/clock.ts';
import { UserError } from '../io/user-error.ts';
import { allocateArrivalRing, ArrivalReader } from './arrival-ring.ts';
import { allocateReceiveLag, ReceiveLag } from './receive-lag.ts';
import type { ReceiveThreadData, ReceiveThreadMessage } from './receive-thread.ts';

/** Asked of the kernel; it holds what comes while the receive thread is not scheduled. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;
/** The thread does little and holds little: a small young generation keeps it small. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 };
/** Sources run as .ts, the built package as .js; a worker needs the name of its own file. */
const THREAD_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './receive-thread.ts' : './receive-thread.js',
  import.meta.url,
);

export interface ReceiverOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: WallClock;
  /** The thread met an error that it survives. */
  readonly onError: (message: string) => void;
  /** The thread ended though nobody closed it. */
  readonly onLost: (error: Error) => void;
}

/** The receive thread as its rack sees it. */
export interface Receiver {
  readonly port: number;
  readonly arrivals: ArrivalReader;
  readonly lag: ReceiveLag;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the receive thread.
 * @throws Error when its socket cannot listen; the message names the port.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const ring = allocateArrivalRing();
  const lag = allocateReceiveLag();
  const workerData: ReceiveThreadData = {
    host: options.host,
    port: options.port,
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
    anchor: options.clock.anchor,
    ring,
    lag,
  };
  const worker = new Worker(THREAD_FILE, { workerData, resourceLimits: THREAD_LIMITS });
  const exited = new Promise<void>((resolve) => void worker.once('exit', () => resolve()));
  let isClosing = false;
  worker.on('message', (message: ReceiveThreadMessage) => {
    if (message.kind === 'error') options.onError(message.message);
  });
  const port = await listeningPort(worker);
  worker.on('error', (error) => options.onLost(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => {
    if (!isClosing) options.onLost(new Error('the receive thread ended'));
  });
  return {
    port,
    arrivals: new ArrivalReader(ring),
    lag: new ReceiveLag(lag),
    async close() {
      if (!isClosing) worker.postMessage('close');
      isClosing = true;
      await exited;
    },
  };
}

async function listeningPort(worker: Worker): Promise<number> {
  try {
    return await new Promise<number>((resolve, reject) => {
      worker.on('message', (message: ReceiveThreadMessage) => {
        if (message.kind === 'listening') resolve(message.port);
        if (message.kind === 'failed') {
          reject(message.isOfUser ? new UserError(message.message) : new Error(message.message));
        }
      });
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the receive thread ended before it listened')));
    });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
