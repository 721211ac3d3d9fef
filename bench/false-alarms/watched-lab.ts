import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DatacenterHealth } from '../../src/core/verdict.ts';
import type { Options } from './options.ts';

const CLI_FILE = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Offsets of the ports from the first. */
const [API_PORT, RACK_HTTP_PORT, AGENT_HTTP_PORT] = [1, 200, 300];
const LAST_WORDS = 10;
const ANSWER_DEADLINE_MS = 10_000;

/** A lab as a user would run it, seen through its API. */
export interface WatchedLab extends AsyncDisposable {
  /** The tree, or null while the datacenter is away. @throws Error with the lab's last words when it has ended */
  health(): Promise<DatacenterHealth | null>;
  /** What the racks and agents tell Prometheus. */
  expositions(role: 'rack' | 'agent'): Promise<readonly string[]>;
}

/** Starts the lab, in a directory of its own so that no injector finds it. Its answers come once it listens. */
export async function startWatchedLab({ racks, servers, basePort }: Options): Promise<WatchedLab> {
  const directory = await mkdtemp(join(tmpdir(), 'netwatch-false-alarms-'));
  const size = ['--racks', String(racks), '--servers', String(servers)];
  const args = [CLI_FILE, 'lab', ...size, '--base-port', String(basePort), '--log-level', 'warn'];
  const lab = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: directory },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(lab, 'close');
  const lastWords: string[] = [];
  createInterface({ input: lab.stderr }).on('line', (line) => {
    lastWords.push(line);
    if (lastWords.length > LAST_WORDS) lastWords.shift();
  });
  const get = (offset: number, path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${basePort + offset}${path}`, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
  return {
    async health() {
      if (lab.exitCode !== null) throw new Error(`the lab ended, exit code ${lab.exitCode}: ${lastWords.join('\n')}`);
      try {
        const response = await get(API_PORT, '/api/v1/health');
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the project's own API
        return response.ok ? ((await response.json()) as DatacenterHealth) : null;
      } catch {
        return null;
      }
    },
    async expositions(role) {
      const first = role === 'rack' ? RACK_HTTP_PORT : AGENT_HTTP_PORT;
      const texts = Array.from({ length: racks }, async (_, rack) => (await get(first + rack, '/metrics')).text());
      return Promise.all(texts);
    },
    async [Symbol.asyncDispose]() {
      if (lab.exitCode === null) lab.kill('SIGINT');
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
