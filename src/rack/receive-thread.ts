import { platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { clockFromAnchor, type ClockAnchor } from '../io/clock.ts';
import { messageOf } from '../io/error-text.ts';
import { openUdpReceiver } from '../io/udp-receiver.ts';
import { UserError } from '../io/user-error.ts';
import { ArrivalWriter, type ArrivalRingMemory } from './arrival-ring.ts';
import { ListeningProof } from './listening-proof.ts';
import { BEAT_MS, ReceiveLag, type ReceiveLagMemory } from './receive-lag.ts';
import { RunQueueWait } from './run-queue-wait.ts';
import { StampDoubt } from './stamp-doubt.ts';
import { WakeDoubt } from './wake-doubt.ts';

/**
 * A little before others. Much before others, the thread would wake for each datagram of a fast sender on the same
 * machine instead of for several: −7 costs half as much CPU time again.
 */
const NICE = -3;

/** What the thread is started with. */
export interface ReceiveThreadData {
  readonly host: string;
  readonly port: number;
  readonly receiveBufferBytes: number;
  readonly anchor: ClockAnchor;
  readonly ring: ArrivalRingMemory;
  readonly lag: ReceiveLagMemory;
}

/** What the thread says. */
export type ReceiveThreadMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string; readonly isOfUser: boolean }
  | { readonly kind: 'error'; readonly message: string };

/**
 * The receive thread: takes datagrams from the socket, stamps them, and does nothing else, so that analysis, scrapes
 * and garbage collection never look like network jitter. Any message from its parent ends it.
 */
async function receive(data: ReceiveThreadData): Promise<void> {
  goFirst();
  const clock = clockFromAnchor(data.anchor);
  const ring = new ArrivalWriter(data.ring);
  const doubt = new StampDoubt(clock.nowSeconds());
  const runQueueWait = new RunQueueWait();
  const wakeDoubt = new WakeDoubt(() => runQueueWait.takeSeconds());
  const wake = (nowSeconds: number): void => {
    // After the timers the loop polls its sockets, and then come the immediates.
    if (wakeDoubt.wake(nowSeconds)) setImmediate(() => wakeDoubt.endTurn());
  };
  let proof: ListeningProof | null = null;
  const receiver = await openUdpReceiver({
    host: data.host,
    port: data.port,
    purpose: 'samples (--udp-listen-port)',
    receiveBufferBytes: data.receiveBufferBytes,
    onMessage: (bytes) => {
      const receivedSeconds = clock.nowSeconds();
      wake(receivedSeconds);
      ring.write(bytes, receivedSeconds, Math.max(doubt.ofStamp(receivedSeconds), wakeDoubt.ofStamp(receivedSeconds)));
      proof?.take();
    },
    onError: (error) => say({ kind: 'error', message: error.message }),
  });
  proof = new ListeningProof(receiver.receiveBufferBytes);
  const stopBeat = beat({ lag: new ReceiveLag(data.lag), proof, doubt, wake, nowSeconds: () => clock.nowSeconds() });
  parentPort?.once('message', () => {
    stopBeat();
    runQueueWait.close();
    void receiver.close();
  });
  say({ kind: 'listening', port: receiver.address.port });
}

/**
 * Asks to be scheduled before other threads of a busy machine: who waits for a core stamps late. On Linux, and only
 * there, a priority belongs to a thread. Whoever may not raise it (CAP_SYS_NICE) goes on without.
 */
function goFirst(): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(NICE);
  } catch {
    // The right to it is the operator's to give.
  }
}

interface Beat {
  readonly lag: ReceiveLag;
  readonly proof: ListeningProof;
  readonly doubt: StampDoubt;
  /** The thread does something, at this time. */
  readonly wake: (nowSeconds: number) => void;
  readonly nowSeconds: () => number;
}

/** Notes every 20 ms how late this thread's timers run and until when it has listened; returns what stops it. */
function beat({ lag, proof, doubt, wake, nowSeconds }: Beat): () => void {
  let dueSeconds = nowSeconds() + BEAT_MS / 1000;
  let timer = setTimeout(onBeat, BEAT_MS);
  function onBeat(): void {
    const now = nowSeconds();
    lag.note(Math.max(0, now - dueSeconds));
    doubt.beat(now);
    wake(now);
    dueSeconds = now + BEAT_MS / 1000;
    timer = setTimeout(onBeat, BEAT_MS);
    // After the timers the loop polls its sockets, and then come the immediates.
    if (proof.begin(now)) setImmediate(onTurn);
  }
  function onTurn(): void {
    const untilSeconds = proof.afterTurn();
    if (untilSeconds === null) {
      setImmediate(onTurn);
      return;
    }
    doubt.settle();
    lag.noteListened(untilSeconds);
  }
  return () => clearTimeout(timer);
}

function say(message: ReceiveThreadMessage): void {
  parentPort?.postMessage(message);
}

try {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what startReceiver gave it
  await receive(workerData as ReceiveThreadData);
} catch (error) {
  say({ kind: 'failed', message: messageOf(error), isOfUser: error instanceof UserError });
}
