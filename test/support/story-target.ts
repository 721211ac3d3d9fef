import type { HeldInjection, Outcome, PlannedServer, Target, TargetServer } from '../../src/chaos/target.ts';
import type { Injection } from '../../src/wire/injection.ts';

interface Held {
  readonly injection: Injection;
  readonly untilSeconds: number;
}

/** A target that only remembers; what it is to get wrong is set by the test. */
export class StoryTarget implements Target {
  readonly name = 'lab';
  /** What it was asked to do, in order: `apply 0.1 loss`, `clear 0.1`. */
  readonly calls: string[] = [];
  readonly injections: Injection[] = [];
  /** Held by somebody else before. */
  foreign: readonly HeldInjection[] = [];
  /** By `rack.server`: why it cannot be injected, why it cannot be undone. */
  applyProblems: Readonly<Record<string, string>> = {};
  clearProblems: Readonly<Record<string, string>> = {};
  planError: Error | null = null;
  readonly #servers: readonly TargetServer[];
  readonly #nowSeconds: () => number;
  readonly #held = new Map<string, Held>();

  constructor(options: { racks: number; servers: number; nowSeconds: () => number }) {
    const { racks, servers, nowSeconds } = options;
    this.#nowSeconds = nowSeconds;
    this.#servers = Array.from({ length: racks * servers }, (_, n) => {
      const [rackId, serverId] = [Math.floor(n / servers), n % servers];
      return { rackId, serverId, place: `fake ${rackId}.${serverId}` };
    });
  }

  /** `rack.server` of those that are broken now. */
  get broken(): readonly string[] {
    return [...this.#held].filter(([, { untilSeconds }]) => untilSeconds > this.#nowSeconds()).map(([key]) => key);
  }

  /** Somebody else undoes it, everywhere or on this `rack.server`. */
  forget(only?: string): void {
    if (only === undefined) this.#held.clear();
    else this.#held.delete(only);
  }

  async list(): Promise<readonly TargetServer[]> {
    return this.#servers;
  }

  plan(): readonly PlannedServer[] {
    if (this.planError !== null) throw this.planError;
    return [];
  }

  async apply(injection: Injection, servers: readonly TargetServer[]): Promise<readonly Outcome[]> {
    this.injections.push(injection);
    return servers.map((server) => {
      this.calls.push(`apply ${keyOf(server)}`);
      const problem = this.applyProblems[keyOf(server)] ?? null;
      const untilSeconds = this.#nowSeconds() + (injection.durationSeconds ?? Infinity);
      if (problem === null) this.#held.set(keyOf(server), { injection, untilSeconds });
      return { server, problem };
    });
  }

  async clear(servers: readonly TargetServer[], { id }: { id: string | null }): Promise<readonly Outcome[]> {
    return servers.map((server) => {
      this.calls.push(`clear ${keyOf(server)}`);
      const problem = this.clearProblems[keyOf(server)] ?? null;
      const held = this.#held.get(keyOf(server));
      if (problem === null && (id === null || held?.injection.id === id)) this.#held.delete(keyOf(server));
      return { server, problem };
    });
  }

  async status(): Promise<readonly HeldInjection[]> {
    const own = this.#servers.flatMap((server): HeldInjection[] => {
      const held = this.#held.get(keyOf(server));
      const isStuck = this.clearProblems[keyOf(server)] !== undefined;
      if (held === undefined || (held.untilSeconds <= this.#nowSeconds() && !isStuck)) return [];
      const state = held.untilSeconds <= this.#nowSeconds() ? 'failed' : 'active';
      return [{ id: held.injection.id, server, description: 'loss 5 %', untilSeconds: null, state, problem: null }];
    });
    return [...this.foreign, ...own];
  }

  async close(): Promise<void> {}
}

function keyOf({ rackId, serverId }: TargetServer): string {
  return `${rackId}.${serverId}`;
}
