import { join } from 'node:path';
import { systemSeconds } from '../../io/clock.ts';
import type { Injection } from '../../wire/injection.ts';
import type { LabFile } from '../../wire/lab-file.ts';
import { SERVER_DEVICE } from '../../wire/netns-claim.ts';
import { onEachServer } from '../each-server.ts';
import { holderCommands } from '../holder/holder-commands.ts';
import { endWatchdog } from '../netns/end-watchdog.ts';
import { type NamespaceServer, readEvidence, removeVanished } from '../netns/evidence.ts';
import { lookForRules } from '../netns/look-for-rules.ts';
import { heldByNobody, readHeld } from '../netns/read-held.ts';
import { startWatchdog } from '../netns/start-watchdog.ts';
import { compareServers, serverName } from '../server-ids.ts';
import { ChaosError, type HeldInjection, type Outcome, type PlannedServer, type Target } from '../target.ts';
import type { TargetServer } from '../target.ts';

export interface NetnsTargetOptions {
  /** Of a lab with `isolation: 'netns'`. */
  readonly labFile: LabFile;
  /** Of root alone; the same for every injector, so that each finds what the others began. Evidence goes below it. */
  readonly directory: string;
}

/** Servers worked on at a time. */
const AT_ONCE = 8;

/**
 * Breaks the network of the servers of a lab with network namespaces, with the kernel's own tc. An injection is a
 * watchdog: a process in the server's namespace that has no tie to its injector, applies, holds, and undoes by itself.
 * Evidence of it stays in a directory until its undo is confirmed.
 */
export function createNetnsTarget({ labFile, directory }: NetnsTargetOptions): Target {
  const evidence = join(directory, 'netns');
  const known = labFile.namespaces.map(({ rack_id: rackId, server_id: serverId, namespace }): NamespaceServer => ({
    server: { rackId, serverId, place: `namespace ${namespace}` },
    namespace,
    directory: join(evidence, namespace),
  }));
  return new NetnsTarget(evidence, known);
}

class NetnsTarget implements Target {
  readonly name = 'netns';
  readonly #known: ReadonlyMap<string, NamespaceServer>;

  readonly #evidence: string;
  /** Namespaces that had no rule of ours when they were looked at: while a target is used, it need not look again. */
  readonly #clean = new Set<string>();

  constructor(evidence: string, known: readonly NamespaceServer[]) {
    this.#evidence = evidence;
    const sorted = known.toSorted((a, b) => compareServers(a.server, b.server));
    this.#known = new Map(sorted.map((each) => [serverName(each.server), each]));
  }

  list(): Promise<readonly TargetServer[]> {
    return Promise.resolve([...this.#known.values()].map(({ server }) => server));
  }

  plan(injection: Injection, servers: readonly TargetServer[]): readonly PlannedServer[] {
    return servers.map((server) => {
      const { namespace } = this.#find(server);
      const commands = holderCommands({ injection, server, devices: [SERVER_DEVICE] });
      return { server, commands: commands.map((command) => inNamespace(namespace, command)) };
    });
  }

  apply(injection: Injection, servers: readonly TargetServer[], signal: AbortSignal): Promise<readonly Outcome[]> {
    this.#forget(servers);
    return this.#onEach(servers, signal, async (of) => startWatchdog(of, injection, signal));
  }

  clear(
    servers: readonly TargetServer[],
    { id, signal }: { id: string | null; signal: AbortSignal },
  ): Promise<readonly Outcome[]> {
    this.#forget(servers);
    return this.#onEach(servers, signal, async (of) => endWatchdog(of, id, signal));
  }

  async status(signal: AbortSignal): Promise<readonly HeldInjection[]> {
    signal.throwIfAborted();
    await removeVanished(this.#evidence);
    const known = [...this.#known.values()];
    const held = await Promise.all(known.map(async (of) => readHeld(of, systemSeconds())));
    const unheld = known.filter((_, index) => held[index] === null);
    this.#forget(held.flatMap((each) => each?.server ?? []));
    const found = await this.#findUnheld(unheld, signal);
    return [...held, ...found].filter((each) => each !== null).toSorted((a, b) => compareServers(a.server, b.server));
  }

  /** Rules of ours on servers that nothing is written down of: evidence can be deleted while a rule is in force. */
  async #findUnheld(unheld: readonly NamespaceServer[], signal: AbortSignal): Promise<(HeldInjection | null)[]> {
    const names = unheld.map(({ namespace }) => namespace).filter((name) => !this.#clean.has(name));
    const found = await lookForRules(names, signal);
    for (const name of names) if (!found.has(name)) this.#clean.add(name);
    const withRule = unheld.filter(({ namespace }) => found.has(namespace));
    // Whoever began after the first look has evidence by now.
    return Promise.all(
      withRule.map(async (of) => {
        const isWritten = (await readEvidence(of)) !== null;
        return isWritten ? readHeld(of, systemSeconds()) : heldByNobody(of.server);
      }),
    );
  }

  #forget(servers: readonly TargetServer[]): void {
    for (const server of servers) this.#clean.delete(this.#known.get(serverName(server))?.namespace ?? '');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #onEach(
    servers: readonly TargetServer[],
    signal: AbortSignal,
    work: (of: NamespaceServer) => Promise<string | null>,
  ): Promise<readonly Outcome[]> {
    signal.throwIfAborted();
    return onEachServer(servers, { atOnce: AT_ONCE, signal }, async (server) => {
      try {
        return await work(this.#find(server));
      } catch (error) {
        // Files of evidence that cannot be written concern this server alone.
        if (signal.aborted || !(error instanceof Error)) throw error;
        return error.message;
      }
    });
  }

  #find(server: TargetServer): NamespaceServer {
    const found = this.#known.get(serverName(server));
    if (found === undefined) throw new ChaosError(`${server.place} is no namespace of this lab`);
    return found;
  }
}

function inNamespace(namespace: string, command: string): string {
  return command.startsWith('#') || command.startsWith('sleep ') ? command : `ip netns exec ${namespace} ${command}`;
}
