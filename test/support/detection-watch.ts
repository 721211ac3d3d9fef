import { setTimeout as pause } from 'node:timers/promises';
import type { DatacenterHealth, Fault, RackFault, Verdict } from '../../src/core/verdict.ts';
import type { Ending, RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

/** Reports come once a second, and sooner with news. */
const LOOK_MS = 200;
/** So long after a rack was last late what its servers are said to have may be its own doing. */
const EXPLAINED_SECONDS = 5;

/** A fault as it was told at a look. */
export interface Told {
  readonly fault: Fault;
  readonly isObserved: boolean;
}

/** What a server was said to have at one look. */
export interface Look {
  /** The tree's time, Unix seconds. */
  readonly seconds: number;
  /** But for what the rack says against itself. */
  readonly faults: readonly Fault[];
  /** True while, or shortly after, the rack said that it was late itself. */
  readonly isObserved: boolean;
}

/** Looks at a running lab again and again, and remembers what each server was said to have. */
export class FaultWatch {
  readonly #looks = new Map<string, Look[]>();
  readonly #lateUntil = new Map<number, number>();
  #tree: DatacenterHealth | null = null;
  #isOver = false;

  constructor(context: Ending, lab: RunningLab) {
    const watching = this.#watch(lab);
    context.after(async () => {
      this.#isOver = true;
      await watching;
    });
  }

  /** All looks at a server, `rack/server`, newest first. */
  looks(at: string): readonly Look[] {
    return (this.#looks.get(at) ?? []).toReversed();
  }

  /** What the rack itself is said to have now. */
  rackFaults(rackId: number): readonly RackFault[] {
    return this.#tree?.racks.find(({ rack_id: id }) => id === rackId)?.faults ?? [];
  }

  /** The newest verdict of a server, `rack/server`. */
  verdict(at: string): Verdict | undefined {
    const [rackId, serverId] = placeOf(at);
    const rack = this.#tree?.racks.find(({ rack_id: id }) => id === rackId);
    return rack?.servers.find(({ server_id: id }) => id === serverId);
  }

  /**
   * Waits until a server was said, at any look since then, to have this fault and no other. Gives it as it was told
   * first, and as it was told last.
   */
  async untilNamed(at: string, kind: string, since: { readonly seconds: number; readonly deadlineMs: number }) {
    const named = (): readonly Told[] =>
      this.looks(at).flatMap((look) => {
        const fault = look.faults.find((each) => each.kind === kind);
        return fault !== undefined && look.seconds >= since.seconds && isOnly(look, kind)
          ? { fault, isObserved: look.isObserved }
          : [];
      });
    try {
      return await waitUntil(
        `server ${at} has ${kind} and nothing else`,
        () => {
          const all = named();
          const [last, first] = [all[0], all.at(-1)];
          return first !== undefined && last !== undefined && { first, last };
        },
        since.deadlineMs,
      );
    } catch (error) {
      throw new Error(`${at} was said to have ${this.storyOf(at)}`, { cause: error });
    }
  }

  /** When a server was first said to have anything, to have exactly this, and the share of looks since then that say so. */
  naming(at: string, kind: string, from: number, until = Number.POSITIVE_INFINITY) {
    const looks = this.looks(at)
      .toReversed()
      .filter(({ seconds }) => seconds >= from && seconds <= until);
    const isRight = (look: Look): boolean => isOnly(look, kind);
    const first = looks.find(({ faults }) => faults.length > 0);
    const right = looks.findIndex(isRight);
    const since = right < 0 ? [] : looks.slice(right);
    return {
      firstKinds: first?.faults.map((fault) => fault.kind) ?? [],
      firstSeconds: first?.seconds ?? Number.NaN,
      rightSeconds: looks[right]?.seconds ?? Number.NaN,
      share: since.filter(isRight).length / since.length,
    };
  }

  /** What a server was said to have since then, without what its rack's lateness explains. */
  unexplained(at: string, from: number): readonly Fault[] {
    return this.looks(at).flatMap(({ seconds, isObserved, faults }) => (seconds >= from && !isObserved ? faults : []));
  }

  /** All that a server was said to have, for people. */
  storyOf(at: string): string {
    const words: string[] = [];
    for (const { seconds, faults } of this.looks(at).toReversed()) {
      const text = faults.length === 0 ? 'nothing' : faults.map(({ kind }) => kind).join('+');
      if (!words.at(-1)?.startsWith(text))
        words.push(`${text} ${new Date(seconds * 1000).toISOString().slice(14, 21)}`);
    }
    return words.join(', ');
  }

  async #watch(lab: RunningLab): Promise<void> {
    while (!this.#isOver) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const tree = await lab.healthIfReachable();
      if (tree !== undefined) this.#take(tree);
      // oxlint-disable-next-line no-await-in-loop
      await pause(LOOK_MS);
    }
  }

  #take(tree: DatacenterHealth): void {
    this.#tree = tree;
    for (const { rack_id: rackId, last_report: seconds, servers } of tree.racks) {
      if (seconds === null) continue;
      const isLate = servers.some(({ faults }) => faults.some(({ kind }) => kind === 'observer'));
      if (isLate) this.#lateUntil.set(rackId, seconds + EXPLAINED_SECONDS);
      const isObserved = seconds <= (this.#lateUntil.get(rackId) ?? 0);
      for (const { server_id: serverId, faults: all } of servers) {
        const faults = all.filter(({ kind }) => kind !== 'observer');
        const key = `${rackId}/${serverId}`;
        const looks = this.#looks.get(key) ?? [];
        this.#looks.set(key, looks);
        if (looks.at(-1)?.seconds !== seconds) looks.push({ seconds, faults, isObserved });
      }
    }
  }
}

/** What a rack that is late itself says of a little of it beside that is its own doing. */
function isOnly(look: Look, kind: string): boolean {
  return look.faults.some((fault) => fault.kind === kind) && seriousFaults(look, kind).length === 0;
}

/** What a server has beside a kind of fault, without what the lateness of its rack explains. */
export function seriousFaults({ faults, isObserved }: Look, kind: string | null): readonly Fault[] {
  return faults.filter((fault) => fault.kind !== kind && !(isObserved && fault.severity === 'info'));
}

/** `1/3` as rack and server. */
export function placeOf(at: string): readonly [rackId: number, serverId: number] {
  const [rackId = Number.NaN, serverId = Number.NaN] = at.split('/').map(Number);
  return [rackId, serverId];
}
