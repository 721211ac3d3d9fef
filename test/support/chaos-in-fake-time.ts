import { mock } from 'node:test';
import { createChaos } from '../../src/agent/chaos.ts';
import { ImpairedSender } from '../../src/agent/impaired-sender.ts';

export const START_SECONDS = 1_800_000_000;
const SERVER_IDS = [3, 4, 7];

/** Something that left, and when: seconds since the start. */
export interface Sent {
  readonly text: string;
  readonly atSeconds: number;
}

/**
 * The chaos of an agent of three servers of rack 2, in a time that only moves when told, and whose timers fire
 * `earlyMs` before their time.
 * @param options.roundingSeconds of the times that packets left at; by default more than the rounding of unix seconds
 */
export function chaosInFakeTime({ earlyMs = 0, maxWaiting = 100_000, roundingSeconds = 0.005 } = {}) {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  let elapsedSeconds = 0;
  const sent: Sent[] = [];
  const clock = {
    anchor: { wallSeconds: START_SECONDS, monotonicSeconds: 0 },
    nowSeconds: () => START_SECONDS + elapsedSeconds - earlyMs / 1000,
  };
  const sender = new ImpairedSender({ clock, maxWaiting });
  sender.start((bytes) => {
    const atSeconds = Math.round((clock.nowSeconds() - START_SECONDS) / roundingSeconds) * roundingSeconds;
    sent.push({ text: Buffer.from(bytes).toString(), atSeconds: Number(atSeconds.toFixed(6)) });
  });
  const chaos = createChaos({
    rackId: 2,
    serverIds: SERVER_IDS,
    clock,
    random: () => 0.25,
    sender,
  });
  return {
    clock,
    sender,
    chaos,
    /** Sends for a server, at this moment. */
    send: (serverId: number, text: string): void => sender.send(Buffer.from(text), SERVER_IDS.indexOf(serverId)),
    /** Moves clock and timers together, to a time since the start. */
    passTo: (seconds: number): void => {
      const ticks = Math.round((seconds - elapsedSeconds) * 1000);
      const from = elapsedSeconds;
      for (let n = 1; n <= ticks; n++) {
        elapsedSeconds = from + n / 1000;
        mock.timers.tick(1);
      }
    },
    /** The clock moves on, the timers are not served: a process that did not run. */
    stopFor: (seconds: number): void => {
      elapsedSeconds += seconds;
    },
    /** What was sent since it was asked last. */
    taken: (): Sent[] => sent.splice(0),
  };
}
