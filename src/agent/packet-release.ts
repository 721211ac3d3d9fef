import type { Departure, NetemQueue } from '../netem/netem-queue.ts';

/** Takes every packet that is due out of some queues, in the order of their times. Times are Unix seconds. */
export function takeDue(queues: Iterable<NetemQueue>, nowSeconds: number): readonly Uint8Array[] {
  const due: Departure[] = [];
  for (const queue of queues) {
    for (let next = queue.dequeue(nowSeconds); next !== null; next = queue.dequeue(nowSeconds)) due.push(next);
  }
  // Those of one queue come in their order already, and keep it where times are equal.
  return due.toSorted((a, b) => a.dueSeconds - b.dueSeconds).map(({ bytes }) => bytes);
}

/** When the next packet of all queues is due; Infinity: none waits. */
export function earliestDue(queues: Iterable<NetemQueue>): number {
  let earliest = Infinity;
  for (const queue of queues) earliest = Math.min(earliest, queue.nextDueSeconds() ?? Infinity);
  return earliest;
}
