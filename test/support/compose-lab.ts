import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import { DatacenterHealthSchema } from '../../src/wire/health-schema.ts';
import { type ComposeContainer, readContainers } from './compose-container.ts';
import { type DockerEngine, dockerEngineLacks, startDockerEngine } from './docker-engine.ts';
import { NamespacedFetch } from './namespaced-fetch.ts';
import { programsLacking } from './programs.ts';
import { PrometheusApi } from './prometheus-api.ts';
import { makeNodeImage, makePrometheusImage } from './stand-in-images.ts';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROJECT = 'lab';
const API_URL = 'http://127.0.0.1:8080';
const PROMETHEUS_URL = 'http://127.0.0.1:9095';
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Grafana's image cannot be had everywhere, nor anything that stands in for it. `chaos` is for building only. */
const LEFT_OUT: ReadonlySet<string> = new Set(['grafana', 'chaos']);
/** The service that has done its work before any other starts. */
export const KEYS = 'keys';

const NEEDED = {
  'docker-compose': 'docker-compose',
  slirp4netns: 'slirp4netns',
  iptables: 'iptables',
  nsenter: 'util-linux',
  npm: 'npm',
  prometheus: 'prometheus',
  promtool: 'prometheus',
} as const;

/** What a machine lacks for the lab in containers; null when it has everything. */
export function composeLabLacks(): string | null {
  return dockerEngineLacks() ?? programsLacking(NEEDED);
}

/** The base images, by the tags that the project's files have. */
export function baseImageTags(): { readonly node: string; readonly prometheus: string } {
  const find = (file: string, pattern: RegExp): string => {
    const tag = pattern.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
    if (tag === undefined) throw new Error(`${file} has nothing like ${String(pattern)}`);
    return tag;
  };
  return {
    node: find('containers/Dockerfile', /^ARG NODE_IMAGE=(\S+)$/m),
    prometheus: find('docker-compose.yml', /^ +image: (prom\/prometheus:\S+)$/m),
  };
}

/** docker-compose.yml as it is, in a Docker Engine of the test's own. */
export class ComposeLab {
  readonly engine: DockerEngine;
  /** On the port of 127.0.0.1 that the file publishes. */
  readonly prometheus: PrometheusApi;
  readonly #fetch: NamespacedFetch;

  constructor(engine: DockerEngine) {
    this.engine = engine;
    this.#fetch = new NamespacedFetch(engine.networkNamespace);
    this.prometheus = new PrometheusApi(PROMETHEUS_URL, async (url) => this.#fetch.get(url));
  }

  /** Runs `docker-compose` on the file. @returns standard output, trimmed @throws Error with what it wrote */
  async compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('docker-compose', ['--project-name', PROJECT, ...args], {
      cwd: ROOT,
      maxBuffer: MAX_OUTPUT_BYTES,
      // Its own builder, and time for a busy machine.
      env: { ...this.engine.environment, COMPOSE_DOCKER_CLI_BUILD: '0', COMPOSE_HTTP_TIMEOUT: '600' },
    });
    return stdout.trim();
  }

  /** Builds one target of the Dockerfile, which no service of the file needs. */
  async build(target: string, image: string): Promise<void> {
    await this.engine.docker(
      'build',
      '--file',
      join(ROOT, 'containers/Dockerfile'),
      '--target',
      target,
      '--tag',
      image,
      ROOT,
    );
  }

  /** The services of the file, without those that are left out. */
  async services(): Promise<readonly string[]> {
    const services = (await this.compose('config', '--services')).split('\n');
    return services.filter((name) => !LEFT_OUT.has(name));
  }

  /** Starts them, in the order that the file asks for. */
  async up(): Promise<void> {
    await this.compose('up', '--detach', '--no-build', ...(await this.services()));
  }

  /** Ends services, all when none is named, and lets them take their time: exit codes are what they ended with. */
  async stop(...services: readonly string[]): Promise<void> {
    await this.compose('stop', '--timeout', '300', ...services);
  }

  /** Every container of the lab, those that have ended too, by its service. */
  async containers(): Promise<ReadonlyMap<string, ComposeContainer>> {
    return readContainers(this.engine, PROJECT);
  }

  /** Those that are to run on. */
  async running(): Promise<ReadonlyMap<string, ComposeContainer>> {
    return new Map([...(await this.containers())].filter(([service]) => service !== KEYS));
  }

  /** @throws Error when there is none */
  async container(service: string): Promise<ComposeContainer> {
    const found = (await this.containers()).get(service);
    if (!found) throw new Error(`${service} has no container`);
    return found;
  }

  /** The tree, from the port that the file publishes; null while the datacenter is away. */
  async health(): Promise<DatacenterHealth | null> {
    const response = await this.#fetch.get(`${API_URL}/api/v1/health`).catch(() => null);
    return response?.ok ? v.parse(DatacenterHealthSchema, await response.json()) : null;
  }

  /** The value of an expression that gives one series; undefined while it gives none. */
  async value(expression: string): Promise<number | undefined> {
    const series = await this.prometheus.query(expression);
    if (series.length > 1) throw new Error(`${expression} gives ${series.length} series`);
    return series[0]?.value;
  }

  /** What of the lab is in the engine: containers, volumes and networks. */
  async remains(): Promise<readonly string[]> {
    const filter = `--filter=label=com.docker.compose.project=${PROJECT}`;
    const lists = await Promise.all([
      this.engine.docker('ps', '--all', '--quiet', filter),
      this.engine.docker('volume', 'ls', '--quiet', filter),
      this.engine.docker('network', 'ls', '--quiet', filter),
    ]);
    return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
  }

  async close(): Promise<void> {
    await this.#fetch.close();
    await this.engine.close();
  }
}

/** Starts the engine with the base images; nothing is built yet. */
export async function startComposeLab(): Promise<ComposeLab> {
  const engine = await startDockerEngine({ reachesTheWorld: true });
  try {
    const tags = baseImageTags();
    await makeNodeImage(engine, tags.node);
    await makePrometheusImage(engine, tags.prometheus);
    return new ComposeLab(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
}
