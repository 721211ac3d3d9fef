import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { containerOf } from '../../src/chaos/docker/docker-servers.ts';
import { injectAll, undo } from '../../src/chaos/inject.ts';
import { createDockerTarget } from '../../src/chaos/targets/docker.ts';
import type { Target } from '../../src/chaos/target.ts';
import type { Injection } from '../../src/wire/injection.ts';
import { BASE_IMAGE } from './base-image.ts';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { waitUntil } from './wait-until.ts';

const HELPER_IMAGE = 'netwatch-chaos';

const { signal } = new AbortController();
const DOCKERFILE = fileURLToPath(new URL('../../containers/chaos', import.meta.url));

/** What `ping` says at its end. */
export interface PingResult {
  /** 0 to 1. */
  readonly lossRatio: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Containers of servers in a real Docker Engine, and what `tc` says of them. */
export class DockerCluster {
  readonly engine: DockerEngine;
  readonly target: Target;
  readonly #names: string[] = [];

  constructor(engine: DockerEngine) {
    this.engine = engine;
    this.target = createDockerTarget({ dockerHost: engine.host, helperImage: HELPER_IMAGE, composeProject: null });
  }

  /** Starts a server. @param more flags of `docker run`; without a network among them it joins `cluster` */
  async addServer(rackId: number, serverId: number, ...more: readonly string[]): Promise<string> {
    const name = `server-${rackId}-${serverId}`;
    const labels = ['role=server', `rack=${rackId}`, `server=${serverId}`].map((label) => `--label=netwatch.${label}`);
    const network = more.some((flag) => flag.startsWith('--network')) ? [] : ['--network=cluster'];
    const flags = ['--detach', '--init', '--name', name, ...labels, ...network, ...more];
    await this.engine.docker('run', ...flags, BASE_IMAGE, 'sleep', 'infinity');
    this.#names.push(name);
    return name;
  }

  /** What `tc` says of the qdiscs of a server, its loopback left out. */
  async qdiscs(name: string): Promise<string> {
    const text = await this.engine.docker('exec', name, 'tc', 'qdisc', 'show');
    return text
      .split('\n')
      .filter((line) => !line.includes(' dev lo '))
      .join('\n');
  }

  async untilFree(name: string): Promise<void> {
    await waitUntil(`${name} has no qdisc of ours`, async () => !(await this.qdiscs(name)).includes('4e57:'));
  }

  /** Runs a command in the network of a server, with NET_ADMIN, as somebody else would. */
  async inNetworkOf(name: string, ...command: readonly string[]): Promise<string> {
    return this.engine.docker(
      'run',
      '--rm',
      `--network=container:${name}`,
      '--cap-add=NET_ADMIN',
      HELPER_IMAGE,
      ...command,
    );
  }

  /** Where a server is in the network `cluster`: names of containers take a kernel with netfilter. */
  async addressOf(name: string): Promise<string> {
    return this.engine.docker('inspect', '--format={{.NetworkSettings.Networks.cluster.IPAddress}}', name);
  }

  /** From one server to another, in the network `cluster`. @param flags of `ping` */
  async ping(from: string, to: string, ...flags: readonly string[]): Promise<PingResult> {
    // It fails when nothing comes back.
    const script = `ping -q ${flags.join(' ')} ${await this.addressOf(to)} 2>&1 || true`;
    const text = await this.engine.docker('exec', from, 'sh', '-c', script);
    assert.match(text, /packet loss/);
    const [, loss = ''] = /([\d.]+)% packet loss/.exec(text) ?? [];
    const [, min = '', max = ''] = /= ([\d.]+)\/[\d.]+\/([\d.]+)/.exec(text) ?? [];
    return { lossRatio: Number.parseFloat(loss) / 100, minMs: Number.parseFloat(min), maxMs: Number.parseFloat(max) };
  }

  /** All or nothing, on every server, or on those of some racks. */
  async inject(injection: Injection, racks?: readonly number[]): Promise<void> {
    const all = await this.target.list(signal);
    const servers = all.filter(({ rackId }) => racks?.includes(rackId) ?? true);
    await injectAll({ target: this.target, injection, servers, signal });
  }

  /** Everything that is ours, on every server. @throws ChaosError */
  async clear(): Promise<void> {
    await undo({ target: this.target, servers: await this.target.list(signal), id: null });
  }

  /** What is held, as `server-0-3 active`, and the problems there are. */
  async held(): Promise<readonly string[]> {
    const held = await this.target.status(signal);
    return held
      .map(({ server, state, problem }) => `${containerOf(server)} ${state}${problem === null ? '' : `: ${problem}`}`)
      .toSorted();
  }

  /** Our helper containers, those that have ended too: `netwatch-chaos-server-0-3 exited`. */
  async helpers(): Promise<readonly string[]> {
    const format = '{{.Names}} {{.State}}';
    const text = await this.engine.docker('ps', '--all', '--filter=label=netwatch.chaos', '--format', format);
    return text === '' ? [] : text.split('\n').toSorted();
  }

  async #helperNames(): Promise<readonly string[]> {
    return (await this.helpers()).map((line) => line.split(' ')[0] ?? '');
  }

  /** Removes every server and helper, for the next test. */
  async empty(): Promise<void> {
    const names = [...this.#names.splice(0), ...(await this.#helperNames())];
    if (names.length > 0) await this.engine.docker('rm', '--force', ...names);
  }

  async close(): Promise<void> {
    await this.target.close();
    await this.engine.close();
  }
}

/**
 * Starts a Docker Engine with the helper's image and two networks, `cluster` and `management`.
 * @param helper `built` from its Dockerfile; `base`: its base under its name, which has all it needs, where building is slow
 */
export async function startDockerCluster(helper: 'built' | 'base'): Promise<DockerCluster> {
  const engine = await startDockerEngine();
  try {
    if (helper === 'built') await engine.docker('build', '--tag', HELPER_IMAGE, DOCKERFILE);
    else await engine.docker('tag', BASE_IMAGE, HELPER_IMAGE);
    await engine.docker('network', 'create', 'cluster');
    await engine.docker('network', 'create', 'management');
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new DockerCluster(engine);
}
