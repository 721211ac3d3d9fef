import { createSeededRandom } from '../../src/netem/seeded-random.ts';
import type { Impairment } from '../../src/netem/impairment.ts';
import { NetemQueue } from '../../src/netem/netem-queue.ts';

/** When numbered packets left and came; both in seconds of one clock. */
export interface PacketTrace {
  /** By number. */
  readonly sentSeconds: readonly number[];
  /** Of each number all its arrivals, in order; empty when it never came. */
  readonly arrivals: readonly (readonly number[])[];
}

/** What the emulation makes of the very same packets. */
export function emulate(trace: PacketTrace, impairment: Impairment, seed: number): PacketTrace {
  const queue = new NetemQueue({ random: createSeededRandom(seed) });
  queue.change(impairment);
  const arrivals: number[][] = trace.sentSeconds.map(() => []);
  const takeDue = (untilSeconds: number): void => {
    for (let due = queue.nextDueSeconds(); due !== null && due <= untilSeconds; due = queue.nextDueSeconds()) {
      const departure = queue.dequeue(due);
      if (departure) arrivals[Buffer.from(departure.bytes).readUInt32BE(0)]?.push(departure.dueSeconds);
    }
  };
  for (const [number, sentSeconds] of trace.sentSeconds.entries()) {
    takeDue(sentSeconds);
    const bytes = Buffer.alloc(32);
    bytes.writeUInt32BE(number, 0);
    queue.enqueue(bytes, sentSeconds);
  }
  takeDue(Infinity);
  return { sentSeconds: trace.sentSeconds, arrivals };
}

/** Delay of the first arrival of each packet that came, in the order in which they were sent. */
export function delays({ sentSeconds, arrivals }: PacketTrace): number[] {
  return arrivals.flatMap(([first], number) => (first === undefined ? [] : [first - (sentSeconds[number] ?? 0)]));
}

/** Difference of each delay to that of the packet before. */
export function delaySteps(trace: PacketTrace): number[] {
  const all = delays(trace);
  return all.slice(1).map((delay, n) => delay - (all[n] ?? 0));
}

/** Lengths of the runs of packets that were lost (`wanted` true) or came. */
export function runLengths({ arrivals }: PacketTrace, isLost: boolean): number[] {
  const runs: number[] = [];
  let length = 0;
  for (const { length: copies } of arrivals) {
    if ((copies === 0) === isLost) length++;
    else if (length > 0) {
      runs.push(length);
      length = 0;
    }
  }
  return length > 0 ? [...runs, length] : runs;
}

/** Of each packet, how many that were sent after it came before it; 0 for one in its place. */
export function reorderingExtents({ arrivals }: PacketTrace): number[] {
  const order = arrivals
    .flatMap(([first], number) => (first === undefined ? [] : [{ number, first }]))
    .toSorted((a, b) => a.first - b.first || a.number - b.number)
    .map(({ number }) => number);
  return order.map((number, place) => order.slice(0, place).filter((earlier) => earlier > number).length);
}

/** The value below which a share of them lies, 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
