import type { WallClock } from '../io/clock.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import type { Voice } from './voice.ts';

const ANNOUNCE_EVERY_SECONDS = 10;
const SEQUENCE_MODULUS = 2 ** 32;

/** Takes one datagram of the voice at this place in `voices`; must not throw. */
export type Send = (bytes: Uint8Array, voice: number) => void;

export interface EmitterOptions {
  readonly voices: readonly Voice[];
  /** Samples per second and voice. */
  readonly sampleRateHz: number;
  readonly clock: WallClock;
  /** Unsigned 32 bit, another at each call. */
  readonly drawBootId: () => number;
  /** A sample was handed to `send`. @param voice its place in `voices` @param lagSeconds negative when it was early */
  readonly onSample: (voice: number, lagSeconds: number) => void;
  /** The schedule was so far behind that it began anew, with this boot id. */
  readonly onStall: (behindSeconds: number, bootId: number) => void;
}

/** Sends the samples and announcements of all voices when they are due, from one timer. */
export interface Emitter {
  /** True from start to close. */
  readonly isRunning: boolean;
  /** Sends the announcements and the first samples, then goes on. Does nothing after the first time or a close. */
  start(send: Send): void;
  /** Nothing is sent after it. Idempotent. */
  close(): void;
}

/** What changes when the schedule begins anew. */
interface Boot {
  readonly bootId: number;
  /** Of each voice, in their order; null where there is none. */
  readonly announcements: readonly (Buffer | null)[];
}

/**
 * Makes an emitter that waits to be started.
 * @throws RangeError when a voice cannot be announced.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { voices, sampleRateHz, clock, onSample } = options;
  const samplesPerAnnouncement = Math.max(1, Math.round(ANNOUNCE_EVERY_SECONDS * sampleRateHz));
  let boot = createBoot(options);
  let send: Send | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const announce = (): void => {
    for (const [place, bytes] of boot.announcements.entries()) if (bytes !== null) send?.(bytes, place);
  };
  const sendNext = ({ index, dueSeconds }: Schedule): void => {
    if (index % samplesPerAnnouncement === 0) announce();
    const sequence = index % SEQUENCE_MODULUS;
    for (const [place, voice] of voices.entries()) {
      const sentSeconds = clock.nowSeconds();
      send?.(voice.sample(boot.bootId, sequence, sentSeconds), place);
      onSample(place, sentSeconds - dueSeconds);
    }
  };
  const beginAnew = (late: Schedule, nowSeconds: number): Schedule => {
    boot = createBoot(options);
    options.onStall(nowSeconds - late.dueSeconds, boot.bootId);
    return createSchedule({ startSeconds: nowSeconds, sampleRateHz });
  };
  const sing = (current: Schedule): void => {
    const nowSeconds = clock.nowSeconds();
    const due = current.isStalled(nowSeconds) ? beginAnew(current, nowSeconds) : current;
    // What becomes due while these go out is for the next turn: other work has its turn in between.
    for (; due.isDue(nowSeconds); due.advance()) sendNext(due);
    timer = setTimeout(sing, due.waitMs(clock.nowSeconds()), due);
  };

  return {
    get isRunning() {
      return send !== null && !isClosed;
    },
    start(to) {
      if (send !== null || isClosed) return;
      send = to;
      sing(createSchedule({ startSeconds: clock.nowSeconds(), sampleRateHz }));
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function createBoot({ voices, drawBootId }: EmitterOptions): Boot {
  const bootId = drawBootId();
  return { bootId, announcements: voices.map((voice) => voice.announcement(bootId)) };
}
