import { join } from 'node:path';
import { type MemoryFacts, memoryFacts, type ProcessFacts, firstProcessFacts } from './container-facts.ts';
import type { DockerEngine } from './docker-engine.ts';

/** A container that Compose made, as the engine and the kernel have it. */
export interface ComposeContainer {
  readonly id: string;
  /** `running`, `exited` */
  readonly status: string;
  /** `healthy`; null: nobody asks. */
  readonly health: string | null;
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
  /** By the engine, after it had ended by itself. */
  readonly restarts: number;
  /** In the lab's network; empty while it does not run. */
  readonly address: string;
  /** In bytes. */
  readonly memoryLimit: number;
  process(): ProcessFacts;
  memory(): MemoryFacts;
}

interface Inspected {
  readonly Id: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: { readonly Memory: number };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

/** Every container of a project, those that have ended too, by its service. */
export async function readContainers(
  engine: DockerEngine,
  project: string,
): Promise<ReadonlyMap<string, ComposeContainer>> {
  const filter = `--filter=label=com.docker.compose.project=${project}`;
  const ids = (await engine.docker('ps', '--all', '--quiet', filter)).split('\n').filter((id) => id !== '');
  if (ids.length === 0) return new Map();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine's API
  const inspected = JSON.parse(await engine.docker('inspect', ...ids)) as readonly Inspected[];
  return new Map(
    inspected.map((container) => [
      container.Config.Labels['com.docker.compose.service'] ?? '',
      containerOf(container, engine.controlGroup),
    ]),
  );
}

function containerOf(
  { Id, RestartCount, State, HostConfig, NetworkSettings }: Inspected,
  parent: string,
): ComposeContainer {
  const group = join(parent, Id);
  return {
    id: Id,
    status: State.Status,
    health: State.Health?.Status ?? null,
    exitCode: State.ExitCode,
    wasOutOfMemory: State.OOMKilled,
    restarts: RestartCount,
    address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
    memoryLimit: HostConfig.Memory,
    process: () => firstProcessFacts(group),
    memory: () => memoryFacts(group),
  };
}
