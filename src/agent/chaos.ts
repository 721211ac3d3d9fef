import type { WallClock } from '../io/clock.ts';
import { NetemQueue } from '../netem/netem-queue.ts';
import { createSeededRandom, mixSeed } from '../netem/seeded-random.ts';
import type { Injection } from '../wire/injection.ts';
import type { ImpairedSender } from './impaired-sender.ts';
import { ImpairedServer } from './impaired-server.ts';

/** An injection, and the servers it is in force on. */
export interface HeldInjection {
  readonly injection: Injection;
  /** Sorted. */
  readonly serverIds: readonly number[];
  /** Unix seconds. */
  readonly beganSeconds: number;
  /** Unix seconds; null: until it is cleared. */
  readonly untilSeconds: number | null;
}

/** Breaks the network of an agent's servers. Each injection ends by itself when its time is over. */
export interface Chaos {
  /** Puts an injection into force from now on, in place of what these servers have. */
  hold(injection: Injection, serverIds: readonly number[]): void;
  /** Ends every injection of these servers, or only that of an id. Returns those that had it. */
  clear(serverIds: readonly number[], id: string | null): readonly number[];
  /** What is in force now. */
  held(): readonly HeldInjection[];
}

export interface ChaosOptions {
  readonly rackId: number;
  /** Of the agent, in the order of its voices. */
  readonly serverIds: readonly number[];
  readonly clock: WallClock;
  /** Uniform in [0, 1); gives a seed to injections that have none. */
  readonly random: () => number;
  readonly sender: ImpairedSender;
}

/** Makes what controls an impaired sender. Servers that are not of the agent are left out. */
export function createChaos({ rackId, serverIds, clock, random, sender }: ChaosOptions): Chaos {
  /** The place and the id of each of these servers. */
  const placesOf = (ids: readonly number[]): readonly (readonly [number, number])[] => {
    const wanted = new Set(ids);
    return [...serverIds.entries()].filter(([, serverId]) => wanted.has(serverId));
  };

  return {
    hold(injection, ids) {
      const seed = injection.seed ?? Math.floor(random() * 2 ** 32);
      const beganSeconds = clock.nowSeconds();
      for (const [place, serverId] of placesOf(ids)) {
        const queue = new NetemQueue({ random: createSeededRandom(mixSeed(seed, rackId, serverId)) });
        sender.impair(place, new ImpairedServer({ injection, beganSeconds, queue }));
      }
    },
    clear(ids, id) {
      sender.proceed();
      const cleared = placesOf(ids).filter(([place]) => {
        const injection = sender.impaired.get(place)?.injection;
        return injection !== undefined && (id === null || injection.id === id);
      });
      for (const [place] of cleared) sender.impair(place, null);
      return cleared.map(([, serverId]) => serverId);
    },
    held() {
      sender.proceed();
      const groups = Map.groupBy(sender.impaired, ([, server]) => `${server.injection.id} ${server.beganSeconds}`);
      return [...groups.values()].flatMap((entries) => {
        const [, server] = entries[0] ?? [];
        if (server === undefined) return [];
        const { injection, beganSeconds, untilSeconds } = server;
        const held = entries.flatMap(([place]) => serverIds[place] ?? []).toSorted((a, b) => a - b);
        return [{ injection, beganSeconds, untilSeconds, serverIds: held }];
      });
    },
  };
}
