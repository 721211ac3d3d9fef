import { closeSync, openSync, readSync } from 'node:fs';
import { platform } from 'node:os';

/** Of the calling thread: nanoseconds on a core, nanoseconds runnable without one, times it was given one. */
const SCHEDSTAT = '/proc/thread-self/schedstat';
/** Three numbers of up to twenty digits. */
const BYTES = 64;
const [SPACE, ZERO] = [0x20, 0x30];

/**
 * How long the calling thread was ready to run and had no core, as the Linux kernel counts it
 * (Documentation/scheduler/sched-stats.rst). Elsewhere, and where the kernel does not count it, it is always 0.
 */
export class RunQueueWait {
  readonly #bytes = Buffer.alloc(BYTES);
  #file: number | null;
  #totalSeconds = 0;

  /**
   * To be made by the thread it is about. Opens a file.
   * @param schedstat the file, null where there is none
   */
  constructor(schedstat = platform() === 'linux' ? SCHEDSTAT : null) {
    this.#file = schedstat === null ? null : openOrNull(schedstat);
    this.takeSeconds();
  }

  /** Seconds it waited since the last call. Some two microseconds a call. */
  takeSeconds(): number {
    const beforeSeconds = this.#totalSeconds;
    this.#totalSeconds = this.#readSeconds() ?? beforeSeconds;
    return Math.max(0, this.#totalSeconds - beforeSeconds);
  }

  /** Idempotent. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #readSeconds(): number | null {
    if (this.#file === null) return null;
    try {
      return secondNumber(this.#bytes, readSync(this.#file, this.#bytes, 0, BYTES, 0)) / 1e9;
    } catch {
      this.close();
      return null;
    }
  }
}

function openOrNull(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch {
    return null;
  }
}

/** No text is made of it: it is read for each turn of a loop that does nothing else. */
function secondNumber(bytes: Uint8Array, length: number): number {
  let value = 0;
  for (let at = bytes.indexOf(SPACE) + 1; at < length && bytes[at] !== SPACE; at++) {
    value = 10 * value + (bytes[at] ?? ZERO) - ZERO;
  }
  return value;
}
