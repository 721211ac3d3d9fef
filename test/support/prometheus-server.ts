import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programsLacking } from './programs.ts';
import { PrometheusApi } from './prometheus-api.ts';
import type { RunningLab } from './running-lab.ts';
import { waitUntil } from './wait-until.ts';

const FOLDER = fileURLToPath(new URL('../../prometheus/', import.meta.url));
/** The port it was given, in what it logs at its start. */
const LISTENING = /"?Listening on"?,? .*address"?[=:]"?127\.0\.0\.1:(\d+)/;

/** Which file of targets each job reads. */
const TARGET_FILES = {
  'netwatch-datacenter': 'datacenter.json',
  'netwatch-rack': 'racks.json',
  'netwatch-agent': 'servers.json',
  prometheus: 'prometheus.json',
} as const;

/** Where a role of a running lab serves /metrics, with the labels its target has. */
export interface ScrapeTarget {
  readonly job: keyof typeof TARGET_FILES;
  /** `127.0.0.1:8000` */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A Prometheus that runs. */
export type PrometheusServer = Pick<PrometheusApi, 'url' | 'query' | 'alerts' | 'get'> & {
  /** Ends it and removes its files. Idempotent; the end of the test does it too. */
  close(): Promise<void>;
};

/** What a machine lacks for a real Prometheus; null: nothing. */
export function prometheusLacks(): string | null {
  return programsLacking({ prometheus: 'prometheus', promtool: 'prometheus' });
}

/**
 * A real Prometheus with the committed prometheus/ folder, on a free port of loopback. The folder is copied, only
 * targets/ is replaced. It scrapes itself too, as job `prometheus`. Resolves once it has scraped every target.
 * @throws Error with what it wrote when it ends at its start
 */
export async function startPrometheus(
  context: TestContext,
  targets: readonly ScrapeTarget[],
): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'netwatch-test-prometheus-'));
  const config = join(directory, 'config');
  cpSync(FOLDER, config, { recursive: true, filter: (path) => !path.startsWith(join(FOLDER, 'targets')) });
  mkdirSync(join(config, 'targets'));
  writeTargets(config, targets);
  const child = spawnPrometheus(directory, config);
  const close = closer(child, directory);
  context.after(close);
  const address = await listening(child);
  // Its own address is only known now; it follows the files.
  const itself: ScrapeTarget = { job: 'prometheus', address, labels: { instance: 'prometheus', ...dcOf(targets) } };
  writeTargets(config, [...targets, itself]);
  const api = new PrometheusApi(`http://${address}`);
  await waitUntil('every target was scraped', async () => {
    const up = await api.query('up').catch(() => []);
    return up.length === targets.length + 1;
  });
  return {
    url: api.url,
    query: (expression) => api.query(expression),
    alerts: () => api.alerts(),
    get: (path) => api.get(path),
    close,
  };
}

/** The targets of a running lab, whose agents each speak for all servers of a rack. */
export function labTargets(
  lab: Pick<RunningLab, 'basePort'>,
  size: { racks: number; servers: number },
): readonly ScrapeTarget[] {
  const target = (job: ScrapeTarget['job'], offset: number, labels: Record<string, string>): ScrapeTarget => ({
    job,
    address: `127.0.0.1:${lab.basePort + offset}`,
    labels: { ...labels, dc_id: 'lab' },
  });
  const racks = Array.from({ length: size.racks }, (_, rack) => String(rack));
  // Which server an agent's process is of can only be said of an agent for one.
  const ofServer = size.servers === 1 ? { server_id: '0' } : {};
  return [
    target('netwatch-datacenter', 2, { instance: 'datacenter' }),
    ...racks.map((rack) => target('netwatch-rack', 200 + Number(rack), { instance: `rack-${rack}`, rack_id: rack })),
    ...racks.map((rack) =>
      target('netwatch-agent', 300 + Number(rack), { instance: `agent-${rack}`, rack_id: rack, ...ofServer }),
    ),
  ];
}

function dcOf(targets: readonly ScrapeTarget[]): Record<string, string> {
  const id = targets.find(({ labels }) => labels.dc_id !== undefined)?.labels.dc_id;
  return id === undefined ? {} : { dc_id: id };
}

function writeTargets(config: string, targets: readonly ScrapeTarget[]): void {
  for (const [job, file] of Object.entries(TARGET_FILES)) {
    const groups = targets.filter((target) => target.job === job);
    const written = groups.map(({ address, labels }) => ({ targets: [address], labels }));
    writeFileSync(join(config, 'targets', file), JSON.stringify(written));
  }
}

function spawnPrometheus(directory: string, config: string): ChildProcess {
  const args = [
    `--config.file=${join(config, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ];
  // Where a process can, it dies with that of the test, however that ends.
  const [command, ...before] =
    process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', 'prometheus'] : ['prometheus'];
  // A folder and a proxy of the machine have no part in this.
  return spawn(command, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
}

/** `127.0.0.1:PORT`, once it listens. */
async function listening(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  let port: string | undefined;
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      // What it says later is read too, or it would have to wait; but not kept.
      if (port === undefined) lines.push(line);
      port ??= LISTENING.exec(line)?.[1];
    });
  }
  return waitUntil('Prometheus listens', () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended:\n${lines.join('\n')}`);
    return port !== undefined && `127.0.0.1:${port}`;
  });
}

function closer(child: ChildProcess, directory: string): () => Promise<void> {
  const exited = once(child, 'exit');
  return async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
}
