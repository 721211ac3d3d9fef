import type { Injection } from '../../wire/injection.ts';
import type { DockerConnection } from '../docker/connection.ts';
import { containerOf, projectOf, readServers, type DockerServer } from '../docker/docker-servers.ts';
import type { ContainerSummary } from '../docker/container-info.ts';
import { Engine } from '../docker/engine.ts';
import { readHeld } from '../docker/held.ts';
import { dockerRunText, holderContainer } from '../docker/helper-container.ts';
import { imageMissing } from '../docker/helper-errors.ts';
import { helpersOf, listHelpers, type Helper } from '../docker/helpers.ts';
import { hold } from '../docker/hold.ts';
import { LABEL } from '../docker/labels.ts';
import { sweep, undoHelpers, type HelperWork } from '../docker/undo-helpers.ts';
import { onEachServer } from '../each-server.ts';
import { holderCommands } from '../holder/holder-commands.ts';
import { isSameServer } from '../server-ids.ts';
import { severalAtOnce } from '../several-at-once.ts';
import { ChaosError, type HeldInjection, type Outcome, type PlannedServer, type Target } from '../target.ts';
import type { TargetServer } from '../target.ts';

export interface DockerTargetOptions extends DockerConnection {
  /** With tc and a shell. It is never pulled. */
  readonly helperImage: string;
  /** Only containers of this compose project; null: all. */
  readonly composeProject: string | null;
  /** Told of containers that are left out, and why. */
  readonly onProblem?: (text: string) => void;
}

/** Servers that are worked on at a time. */
const AT_ONCE = 4;

/**
 * Servers in containers, found by their labels `netwatch.role=server`, `netwatch.rack` and `netwatch.server`. They need
 * no capability: beside each, for the time of an injection, a helper container joins its network.
 * @throws ChaosError when the connection is described wrongly
 */
export function createDockerTarget(options: DockerTargetOptions): Target {
  return new DockerTarget(options);
}

class DockerTarget implements Target {
  readonly name = 'docker';
  readonly #engine: Engine;
  readonly #image: string;
  readonly #project: string | null;
  readonly #onProblem: (text: string) => void;
  /** What was listed last, by the name of the container. */
  #listed: ReadonlyMap<string, DockerServer> = new Map();
  /** The containers on which an injection from here began, by its id: where it did not, there is nothing to look for. */
  readonly #begun = new Map<string, Set<string>>();

  constructor(options: DockerTargetOptions) {
    this.#engine = new Engine(options);
    this.#image = options.helperImage;
    this.#project = options.composeProject;
    this.#onProblem = options.onProblem ?? (() => {});
  }

  async list(signal: AbortSignal): Promise<readonly TargetServer[]> {
    const { servers, problems } = readServers(await this.#containers(signal), this.#project);
    for (const problem of problems) this.#onProblem(problem);
    if (servers.length === 0) throw noServers(this.#project, problems);
    this.#listed = new Map(servers.map((server) => [server.containerName, server]));
    return servers.map(({ rackId, serverId, place }) => ({ rackId, serverId, place }));
  }

  plan(injection: Injection, servers: readonly TargetServer[]): readonly PlannedServer[] {
    return servers.map((server) => {
      const name = containerOf(server);
      const ids = { containerId: name, containerName: name, endpointIds: [] };
      const unlisted = { ...server, ...ids, project: '', refusal: null };
      const listed = this.#listed.get(name) ?? unlisted;
      if (listed.refusal !== null)
        return { server, commands: [`# the container ${name} is refused: ${listed.refusal}`] };
      const commands = [
        `# beside the container ${name}, where $HOLDER is a script that runs what follows and undoes it by itself:`,
        dockerRunText(holderContainer(this.#image, injection, listed), name),
        ...holderCommands({ injection, server, devices: null }),
      ];
      return { server, commands };
    });
  }

  async apply(
    injection: Injection,
    servers: readonly TargetServer[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const work = this.#work(signal);
    const begun = this.#begunOf(injection.id);
    const found = readServers(await this.#containers(signal), this.#project).servers;
    if (!(await this.#engine.hasImage(this.#image, signal))) throw imageMissing(this.#image);
    const helpers = await listHelpers(this.#engine, this.#project, signal);
    return onEachServer(servers, { atOnce: AT_ONCE, signal }, async (server) => {
      const running = found.find((other) => isSameServer(server, other) && server.place === other.place);
      if (running === undefined) return 'it does not run any more: start it, or choose another server';
      if (running.refusal !== null) return running.refusal;
      const left = await undoHelpers(work, helpersOf(server, helpers, servers));
      if (left !== null) return `an older injection cannot be undone: ${left}`;
      const problem = await hold(work, injection, running);
      // Otherwise it is undone already, or its helper is still there.
      if (problem === null) begun.add(running.containerName);
      return problem;
    });
  }

  async clear(
    servers: readonly TargetServer[],
    { id, signal }: { id: string | null; signal: AbortSignal },
  ): Promise<readonly Outcome[]> {
    const work = this.#work(signal);
    const containers = await this.#containers(signal);
    const helpers = await listHelpers(this.#engine, this.#project, signal);
    const begun = id === null ? undefined : this.#begun.get(id);
    return onEachServer(servers, { atOnce: AT_ONCE, signal }, async (server) => {
      const own = helpersOf(server, helpers, servers);
      const meant = own.filter(({ kind, injectionId }) => id === null || kind === 'sweep' || injectionId === id);
      const problem = await undoHelpers(work, meant);
      if (problem !== null || begun?.has(containerOf(server)) === false) return problem;
      return sweepUnseen(work, server, { containers, helpers: own, asHolder: id !== null });
    });
  }

  async status(signal: AbortSignal): Promise<readonly HeldInjection[]> {
    const engine = this.#engine;
    const helpers = await listHelpers(engine, this.#project, signal);
    const holders = helpers.filter(({ kind }) => kind === 'holder');
    if (holders.length === 0) return [];
    const nowSeconds = await engine.nowSeconds(signal);
    const held = await severalAtOnce(holders, AT_ONCE, async (helper) =>
      readHeld(engine, helper, { nowSeconds, signal }),
    );
    return held.filter((each) => each !== null);
  }

  async close(): Promise<void> {
    this.#engine.close();
  }

  #work(signal: AbortSignal): HelperWork {
    return { engine: this.#engine, image: this.#image, signal };
  }

  #begunOf(id: string): Set<string> {
    const begun = this.#begun.get(id) ?? new Set();
    this.#begun.set(id, begun);
    return begun;
  }

  /** All that run: any of them may share the network of a server. */
  async #containers(signal: AbortSignal): Promise<readonly ContainerSummary[]> {
    return this.#engine.list({ labels: [], withStopped: false }, signal);
  }
}

/** A helper may have been removed by hand, and what it did may still be there: only looking makes it certain. */
async function sweepUnseen(
  work: HelperWork,
  server: TargetServer,
  seen: {
    readonly containers: readonly ContainerSummary[];
    readonly helpers: readonly Helper[];
    readonly asHolder: boolean;
  },
): Promise<string | null> {
  const container = seen.containers.find(({ name }) => name === containerOf(server));
  if (container === undefined) return null;
  if (seen.helpers.some(({ kind, containerId }) => kind === 'holder' && containerId === container.id)) return null;
  const { rackId, serverId } = server;
  const { id: containerId, name: containerName } = container;
  const helped = { rackId, serverId, containerId, containerName, project: projectOf(container.labels) };
  return sweep(work, helped, { asHolder: seen.asHolder });
}

function noServers(project: string | null, problems: readonly string[]): ChaosError {
  const where = project === null ? '' : ` of the compose project ${project}`;
  const labels = `${LABEL.role}=server, ${LABEL.rack}=N and ${LABEL.server}=N`;
  const [first] = problems;
  const others = first === undefined ? '' : `; ${first}`;
  return new ChaosError(
    `no running container${where} has the labels ${labels}: start the servers, or give their containers these labels${others}`,
  );
}
