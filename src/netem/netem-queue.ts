import { scaleBelow } from './fixed-point.ts';
import { HEADER_BYTES, survivesFlip } from './frame.ts';
import type { Impairment } from './impairment.ts';
import { createNetemRules, type NetemRules } from './netem-rules.ts';
import { TimeOrderedQueue } from './time-ordered-queue.ts';

/**
 * Packets since the queue was made. What went in + `duplicated` = what came out + what waits + `lost` + `overLimit` +
 * `rejected`.
 */
export interface NetemCounts {
  /** By the loss model. */
  readonly lost: number;
  /** Because too many waited. */
  readonly overLimit: number;
  /** Copies that were put in; a copy can be lost like any packet. */
  readonly duplicated: number;
  /** With a bit flipped, whatever became of them. */
  readonly corrupted: number;
  /** Of the corrupted: left, and had a wrong checksum or address. */
  readonly rejected: number;
  /** Sent ahead of those that wait. */
  readonly reordered: number;
}

/** A packet that leaves. */
export interface Departure {
  /** When it was due. */
  readonly dueSeconds: number;
  readonly bytes: Uint8Array;
}

interface Packet {
  readonly bytes: Uint8Array;
  /** It was corrupted, and its receiver will not have it. */
  readonly isSpoilt: boolean;
}

interface Ready {
  readonly dueSeconds: number;
  readonly value: Packet;
}

/**
 * One netem qdisc without a kernel: what net/sched/sch_netem.c of Linux 6.1 and later does to packets, decision for
 * decision and in its order, on draws that the caller chooses. What becomes of a packet follows from the draws alone, not
 * from the time, save where packets wait for one another (rate) or are too many (limit).
 *
 * Corruption is what it is to a receiver. The kernel flips one bit of the whole frame; the receiver's checksums then drop
 * the packet, unless the bit is one that nothing looks at. So does the queue, once the packet was due: until then it
 * waits, and holds up others, like any packet. What it lets through is as it was sent.
 *
 * One difference is meant. A changed netem here is exactly what it is changed to; the kernel keeps the table of a
 * distribution.
 *
 * Holds at most the limit's packets. Opens nothing and has no clock: whoever owns it asks `nextDueSeconds`.
 */
export class NetemQueue {
  readonly #random: () => number;
  readonly #waiting = new TimeOrderedQueue<Packet>();
  /** Sent ahead of all that wait; of these the newest first, as in the kernel. */
  readonly #ahead: Ready[] = [];
  readonly #counts = { lost: 0, overLimit: 0, duplicated: 0, corrupted: 0, rejected: 0, reordered: 0 };
  #rules: NetemRules;
  /** Packets since the last one that was sent ahead. */
  #sinceReorder = 0;

  /** @param options.random uniform unsigned 32 bit; the same numbers give the same decisions */
  constructor({ random }: { random: () => number }) {
    this.#random = random;
    this.#rules = createNetemRules(null, random);
  }

  /** Packets that wait. */
  get length(): number {
    return this.#waiting.length + this.#ahead.length;
  }

  get counts(): NetemCounts {
    return { ...this.#counts };
  }

  /** From the next packet on; what waits keeps its time. Null: nothing is impaired, which is how a queue begins. */
  change(impairment: Impairment | null): void {
    this.#rules = createNetemRules(impairment, this.#random);
    this.#sinceReorder = 0;
  }

  /**
   * Takes a packet, which may be none or two from then on.
   *
   * @param bytes payload of a UDP datagram; kept as it is until it leaves, so the caller lets go of it
   * @param nowSeconds of any clock that does not go back, always the same one
   */
  enqueue(bytes: Uint8Array, nowSeconds: number): void {
    const { duplicate } = this.#rules;
    this.#admit(bytes, nowSeconds, duplicate > 0 && duplicate >= this.#random());
  }

  /** When the packet that comes next is due, also one that is corrupted and will not leave; null: nothing waits. */
  nextDueSeconds(): number | null {
    return (this.#ahead.at(-1) ?? this.#waiting.first)?.dueSeconds ?? null;
  }

  /** The next packet that is due, one packet a call; those that no receiver would have are dropped. Null: none is due. */
  dequeue(nowSeconds: number): Departure | null {
    for (let next = this.#takeDue(nowSeconds); next !== null; next = this.#takeDue(nowSeconds)) {
      const { dueSeconds, value } = next;
      if (!value.isSpoilt) return { dueSeconds, bytes: value.bytes };
      this.#counts.rejected++;
    }
    return null;
  }

  #takeDue(nowSeconds: number): Ready | null {
    const ahead = this.#ahead.pop();
    if (ahead !== undefined) return ahead;
    const { first } = this.#waiting;
    if (first === undefined || first.dueSeconds > nowSeconds) return null;
    this.#waiting.shift();
    return first;
  }

  #admit(bytes: Uint8Array, nowSeconds: number, isDoubled: boolean): void {
    const { isLost, corrupt, limitPackets } = this.#rules;
    // What is doubled and lost is one packet again.
    const copies = 1 + (isDoubled ? 1 : 0) - (isLost() ? 1 : 0);
    if (copies === 0) {
      this.#counts.lost++;
      return;
    }
    const isSpoilt = corrupt > 0 && corrupt >= this.#random() && this.#isSpoiltByFlip(bytes.length);
    if (this.length >= limitPackets) {
      this.#counts.overLimit++;
      return;
    }
    if (copies === 2) {
      // The copy goes through everything by itself, but is not doubled again.
      this.#counts.duplicated++;
      this.#admit(bytes, nowSeconds, false);
    }
    this.#insert({ bytes, isSpoilt }, nowSeconds);
  }

  #insert(packet: Packet, nowSeconds: number): void {
    const { gap, reorder, drawDelay } = this.#rules;
    if (gap > 0 && this.#sinceReorder >= gap - 1 && reorder >= this.#random()) {
      this.#sinceReorder = 0;
      this.#counts.reordered++;
      this.#ahead.push({ dueSeconds: nowSeconds, value: packet });
      return;
    }
    this.#sinceReorder++;
    const dueSeconds = this.#dueSeconds(packet.bytes.length, nowSeconds, drawDelay() / 1e9);
    this.#waiting.insert({ dueSeconds, value: packet });
  }

  /** With a rate, a packet begins when the last one is through; the wait for that counts as part of its delay. */
  #dueSeconds(payloadBytes: number, nowSeconds: number, delaySeconds: number): number {
    const { bytesPerSecond } = this.#rules;
    if (bytesPerSecond === null) return nowSeconds + delaySeconds;
    const onWireSeconds = Math.floor(((payloadBytes + HEADER_BYTES) * 1e9) / bytesPerSecond) / 1e9;
    const lastSeconds = this.#lastDueSeconds();
    if (lastSeconds === null) return nowSeconds + delaySeconds + onWireSeconds;
    return lastSeconds + Math.max(0, delaySeconds - (lastSeconds - nowSeconds)) + onWireSeconds;
  }

  #lastDueSeconds(): number | null {
    const [ahead, waiting] = [this.#ahead[0]?.dueSeconds, this.#waiting.last?.dueSeconds];
    if (ahead === undefined || waiting === undefined) return ahead ?? waiting ?? null;
    return Math.max(ahead, waiting);
  }

  /** Flips a bit anywhere in the frame. Which one of its byte makes no difference, and is not drawn. */
  #isSpoiltByFlip(payloadBytes: number): boolean {
    this.#counts.corrupted++;
    return !survivesFlip(scaleBelow(this.#random(), HEADER_BYTES + payloadBytes));
  }
}
