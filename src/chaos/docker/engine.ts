import { addAbortListener } from 'node:events';
import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { connectDocker, type ConnectedDocker, type DockerConnection } from './connection.ts';
import type { ContainerState, ContainerSummary } from './container-info.ts';
import { DockerRefusal, dockerError } from './docker-errors.ts';
import { readEndpoints } from './endpoints.ts';
import { firstBytes } from './first-bytes.ts';
import { createFrameDecoder } from './frames.ts';
import { readPorts } from './published-ports.ts';

const LOG_LINES = 20;

/** What chaos asks of a Docker daemon. Each method throws a ChaosError that says what could not be done, and why. */
export class Engine {
  readonly #connected: ConnectedDocker;
  readonly #docker: Docker;

  constructor(connection: DockerConnection) {
    this.#connected = connectDocker(connection);
    this.#docker = this.#connected.docker;
  }

  /** The containers that have all of these labels (`key`, `key=value`). */
  async list(
    options: { readonly labels: readonly string[]; readonly withStopped: boolean },
    signal: AbortSignal,
  ): Promise<readonly ContainerSummary[]> {
    const { labels, withStopped } = options;
    const filters = { label: [...labels], ...(withStopped ? {} : { status: ['running'] }) };
    const found = await this.#ask('list its containers', signal, async () =>
      this.#docker.listContainers({ all: withStopped, filters, abortSignal: signal }),
    );
    return found.map(({ Id, Names, Labels: own, HostConfig, NetworkSettings, Ports }) => ({
      id: Id,
      name: (Names[0] ?? Id.slice(0, 12)).replace(/^\//, ''),
      labels: own,
      networkMode: HostConfig.NetworkMode,
      endpointIds: readEndpoints(NetworkSettings.Networks),
      ports: readPorts(Ports),
    }));
  }

  /** Null when there is no such container. */
  async inspect(id: string, signal: AbortSignal): Promise<ContainerState | null> {
    const info = await this.#unlessGone('look at a container', signal, async () =>
      this.#docker.getContainer(id).inspect({ abortSignal: signal }),
    );
    if (info === null) return null;
    const { State: state, HostConfig: host, NetworkSettings: network } = info;
    const startedSeconds = Date.parse(state.StartedAt) / 1_000;
    return {
      status: state.Status,
      isRunning: state.Running,
      isPaused: state.Paused,
      exitCode: state.ExitCode,
      error: state.Error,
      // The year 1 stands for never.
      startedSeconds: startedSeconds > 0 ? startedSeconds : null,
      networkMode: host.NetworkMode ?? '',
      endpointIds: readEndpoints(network.Networks),
    };
  }

  /** The clock of the daemon, Unix seconds. */
  async nowSeconds(signal: AbortSignal): Promise<number> {
    const info: unknown = await this.#ask('tell its time', signal, async () => this.#docker.info());
    const time = typeof info === 'object' && info !== null && 'SystemTime' in info ? info.SystemTime : null;
    return Date.parse(String(time)) / 1_000;
  }

  async hasImage(name: string, signal: AbortSignal): Promise<boolean> {
    const found = await this.#unlessGone('look for an image', signal, async () =>
      this.#docker.getImage(name).inspect(),
    );
    return found !== null;
  }

  /** @returns its id */
  async create({ name, ...options }: ContainerCreateOptions, signal: AbortSignal): Promise<string> {
    // Otherwise the client repeats the whole body, with its script, in the address.
    const request = { _query: name === undefined ? {} : { name }, _body: options, abortSignal: signal };
    const created = await this.#ask('create a helper container', signal, async () =>
      this.#docker.createContainer(request),
    );
    return created.id;
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask('start a helper container', signal, async () =>
      this.#docker.getContainer(id).start({ abortSignal: signal }),
    );
  }

  /** The lines that it writes from now on, until it ends. Listens once this resolves. */
  async attach(id: string, signal: AbortSignal): Promise<AsyncGenerator<string>> {
    const stream = await this.#ask('listen to a helper container', signal, async () =>
      this.#docker.getContainer(id).attach({ stream: true, stdout: true, stderr: true, abortSignal: signal }),
    );
    return this.#lines(stream, signal);
  }

  /** The last lines that it wrote. */
  async log(id: string, signal: AbortSignal): Promise<readonly string[]> {
    const bytes = await this.#unlessGone('read the log of a helper container', signal, async () =>
      this.#docker.getContainer(id).logs({ stdout: true, stderr: true, tail: LOG_LINES, abortSignal: signal }),
    );
    return bytes instanceof Uint8Array ? createFrameDecoder().push(bytes) : [];
  }

  /**
   * A tar of a file in a container; of a longer tar the first `maxBytes` bytes.
   * @throws DockerRefusal with status 404 when there is no such file
   */
  async archive(
    id: string,
    { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return this.#ask('read a file of a container', signal, async () => {
      const stream = await this.#docker.getContainer(id).getArchive({ path, abortSignal: signal });
      return firstBytes(stream, maxBytes);
    });
  }

  /** Lets it end by itself for so long. Resolves when it has ended, also when it had before or is not there. */
  async stop(id: string, timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    await this.#unlessGone('stop a helper container', signal, async () =>
      this.#docker.getContainer(id).stop({ t: timeoutSeconds, abortSignal: signal }),
    );
  }

  async unpause(id: string, signal: AbortSignal): Promise<void> {
    await this.#unlessGone('wake a helper container', signal, async () =>
      this.#docker.getContainer(id).unpause({ abortSignal: signal }),
    );
  }

  /** Never one that runs, unless forced. It may have gone before. */
  async remove(id: string, options: { readonly force: boolean }, signal: AbortSignal): Promise<void> {
    try {
      await this.#unlessGone('remove a helper container', signal, async () =>
        this.#docker.getContainer(id).remove({ force: options.force, v: true }),
      );
    } catch (error) {
      const isUnderWay = error instanceof DockerRefusal && /already in progress/.test(error.message);
      if (!isUnderWay) throw error;
    }
  }

  /** The machine of the daemon, where that is not this one. */
  get remoteHost(): string | null {
    return this.#connected.remoteHost;
  }

  close(): void {
    this.#connected.close();
  }

  async *#lines(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<string> {
    const decoder = createFrameDecoder();
    try {
      for await (const chunk of stream) yield* decoder.push(Buffer.from(chunk));
    } catch (error) {
      throw this.#explain(error, 'listen to a helper container', signal);
    }
  }

  /** Null where the daemon says that it is not there (404), or that there was nothing to do (304). */
  async #unlessGone<T>(doing: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#ask(doing, signal, ask);
    } catch (error) {
      if (error instanceof DockerRefusal && [304, 404].includes(error.status)) return null;
      throw error;
    }
  }

  async #ask<T>(doing: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const listener = addAbortListener(signal, () => aborted.reject(signal.reason));
    try {
      // Not every request of the client can be aborted.
      return await Promise.race([ask(), aborted.promise]);
    } catch (error) {
      throw this.#explain(error, doing, signal);
    } finally {
      listener[Symbol.dispose]();
    }
  }

  #explain(error: unknown, doing: string, signal: AbortSignal): unknown {
    return signal.aborted ? signal.reason : dockerError(error, { doing, place: this.#connected.place });
  }
}
