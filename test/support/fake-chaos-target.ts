import type { HeldInjection, Outcome, Target, TargetServer } from '../../src/chaos/target.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { injectionOf, lossOf } from './injections.ts';

/** Racks 0 to `racks - 1` of so many servers. */
export function servers(racks: number, perRack: number): readonly TargetServer[] {
  return Array.from({ length: racks * perRack }, (_, n) => {
    const [rackId, serverId] = [Math.floor(n / perRack), n % perRack];
    return { rackId, serverId, place: `place ${rackId}/${serverId}` };
  });
}

/** `0/3` */
export function keyOf({ rackId, serverId }: Pick<TargetServer, 'rackId' | 'serverId'>): string {
  return `${rackId}/${serverId}`;
}

/** A target that remembers what is injected, and fails where it is told to. */
export class FakeTarget implements Target {
  readonly name = 'lab';
  readonly servers: readonly TargetServer[];
  /** What is injected, by `0/3`. */
  readonly held = new Map<string, HeldInjection>();
  /** `apply 0/0`, `clear 0/0 ID`, in the order in which they were asked for. */
  readonly calls: string[] = [];
  /** Servers on which apply or clear fails, and why. */
  readonly applyProblems = new Map<string, string>();
  readonly clearProblems = new Map<string, string>();
  /** Thrown by the next `apply` after it has injected. */
  applyError: Error | null = null;
  statusError: Error | null = null;
  isClosed = false;

  constructor(all: readonly TargetServer[]) {
    this.servers = all;
  }

  list(): Promise<readonly TargetServer[]> {
    return Promise.resolve(this.servers);
  }

  plan({ id }: Injection, chosen: readonly TargetServer[]) {
    return chosen.map((server) => ({ server, commands: [`break ${keyOf(server)} ${id.length}`] }));
  }

  apply({ id, durationSeconds }: Injection, chosen: readonly TargetServer[]): Promise<readonly Outcome[]> {
    const outcomes = chosen.map((server) => {
      const problem = this.applyProblems.get(keyOf(server)) ?? null;
      this.calls.push(`apply ${keyOf(server)}`);
      if (problem === null) this.hold({ id, server, untilSeconds: durationSeconds });
      return { server, problem };
    });
    return this.applyError === null ? Promise.resolve(outcomes) : Promise.reject(this.applyError);
  }

  clear(chosen: readonly TargetServer[], { id }: { readonly id: string | null }): Promise<readonly Outcome[]> {
    return Promise.resolve(
      chosen.map((server) => {
        this.calls.push(`clear ${keyOf(server)} ${id === null ? 'all' : 'own'}`);
        const problem = this.clearProblems.get(keyOf(server)) ?? null;
        const isMeant = id === null || this.held.get(keyOf(server))?.id === id;
        if (problem === null && isMeant) this.held.delete(keyOf(server));
        return { server, problem };
      }),
    );
  }

  status(): Promise<readonly HeldInjection[]> {
    return this.statusError === null ? Promise.resolve([...this.held.values()]) : Promise.reject(this.statusError);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** Injects from elsewhere. */
  hold(what: Partial<HeldInjection> & Pick<HeldInjection, 'id' | 'server'>): void {
    const held = { description: 'loss 5 %', untilSeconds: null, state: 'active', problem: null, ...what } as const;
    this.held.set(keyOf(what.server), held);
  }
}

/** A plain injection of loss for 10 s. */
export function lossInjection(id = '0123456789ab'): Injection {
  return injectionOf({ id, phases: [{ seconds: 10, impairment: lossOf(0.2) }], durationSeconds: 10, seed: null });
}
