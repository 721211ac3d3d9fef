import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { labSpec } from '../../src/config/lab.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { DatacenterHealth, RackHealth, Verdict } from '../../src/core/verdict.ts';
import type { StatusEvent } from '../../src/wire/api/datacenter-event.ts';
import { findLabFiles, labDirectory } from '../../src/io/lab-files.ts';
import { allProcesses, planLab } from '../../src/lab/lab-plan.ts';
import { checkPorts, PortsError } from '../../src/lab/ports.ts';
import type { LabFile } from '../../src/wire/lab-file.ts';
import { parseExposition } from './exposition.ts';
import { waitUntil } from './wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Below the range from which systems give out ports; where a block is taken, the next one is tried. */
const FIRST_BASE_PORT = 12_000;
const PORTS_OF_A_LAB = 500;
const BLOCKS = 40;
/** What decides how many ports a lab has. */
const SIZE_FLAGS: ReadonlySet<string> = new Set(['--racks', '--servers']);

/** A test, or whoever else sees to it that what it started ends. */
export interface Ending {
  after(end: () => Promise<unknown>): void;
}

/** A lab that runs as a person would run it: its own process, found through its own output and API. */
export class RunningLab {
  readonly basePort: number;
  readonly process: ChildProcess;
  /** Where it says how it is controlled: no other lab of this machine is found there. */
  readonly runtimeDirectory: string;
  /** What was in there when it had ended. */
  leftBehind: readonly string[] = [];
  /** Lines of standard output. */
  readonly stdout: string[] = [];
  /** Lines of both streams. */
  readonly output: string[] = [];
  readonly #flags: readonly string[];
  readonly #closed: Promise<unknown>;

  constructor(basePort: number, flags: readonly string[]) {
    this.basePort = basePort;
    this.#flags = flags;
    const args = [CLI, 'lab', '--base-port', String(basePort), ...flags];
    this.runtimeDirectory = mkdtempSync(join(tmpdir(), 'netwatch-test-lab-'));
    const env = { ...process.env, XDG_RUNTIME_DIR: this.runtimeDirectory };
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#closed = once(this.process, 'close');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.output.push(line));
    }
    if (this.process.stdout)
      createInterface({ input: this.process.stdout }).on('line', (line) => this.stdout.push(line));
  }

  get hasExited(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The first line that matches. @throws Error with all lines when the lab ends without it */
  async line(pattern: RegExp): Promise<string> {
    return waitUntil(`the lab says ${String(pattern)}`, () => {
      const found = this.output.find((line) => pattern.test(line));
      if (found === undefined && this.hasExited) throw new Error(`the lab ended:\n${this.output.join('\n')}`);
      return found;
    });
  }

  /** Waits until it has ended by itself and everything it wrote is read, and gives its exit code; null when killed. */
  async ended(): Promise<number | null> {
    await this.#closed;
    if (existsSync(this.runtimeDirectory)) {
      this.leftBehind = readdirSync(this.runtimeDirectory, { recursive: true, encoding: 'utf8' });
    }
    rmSync(this.runtimeDirectory, { recursive: true, force: true });
    return this.process.exitCode;
  }

  /** True when every port of every role can be listened on: while one of its processes lives, one is taken. */
  async isGone(): Promise<boolean> {
    const size = this.#flags.flatMap((flag, n) => (SIZE_FLAGS.has(flag) ? [[flag.slice(2), this.#flags[n + 1]]] : []));
    const flags = { ...Object.fromEntries(size), 'base-port': String(this.basePort) };
    const config = loadConfig(labSpec, { flags, env: {}, file: undefined });
    try {
      await checkPorts(
        allProcesses(planLab(config, { tokenFile: 'token', labFile: 'lab', incidentDirectory: 'incidents' })).flatMap(
          ({ places }) => places,
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof PortsError) return false;
      throw error;
    }
  }

  /** The process id that the lab printed for a role, `agent-2`. */
  pid(name: string): number {
    const match = this.output.join('\n').match(new RegExp(`\\b${name} (\\d+)`));
    if (!match) throw new Error(`no pid of ${name} in:\n${this.output.join('\n')}`);
    return Number(match[1]);
  }

  /** What it tells those that control it. */
  async file(): Promise<LabFile> {
    const [file] = await findLabFiles(labDirectory({ XDG_RUNTIME_DIR: this.runtimeDirectory }));
    if (!file) throw new Error('the lab has no file');
    return file;
  }

  async health(): Promise<DatacenterHealth> {
    return (await this.#get(1, '/api/v1/health')) as DatacenterHealth;
  }

  /** The tree, or undefined while the datacenter is away. */
  async healthIfReachable(): Promise<DatacenterHealth | undefined> {
    try {
      return await this.health();
    } catch {
      return undefined;
    }
  }

  async rack(rackId: number): Promise<RackHealth> {
    const tree = await this.health();
    const rack = tree.racks.find(({ rack_id }) => rack_id === rackId);
    if (!rack) throw new Error(`rack ${rackId} is not in the tree`);
    return rack;
  }

  /** Status changes, newest first. */
  async events(): Promise<StatusEvent[]> {
    return ((await this.#get(1, '/api/v1/events?limit=1000')) as { events: StatusEvent[] }).events;
  }

  /** What the role that listens at this offset of the base port tells Prometheus. */
  async exposition(offset: number): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.basePort + offset}/metrics`);
    return response.text();
  }

  /** Sum of a metric's series that have these labels, from the role at this offset of the base port. */
  async metric(offset: number, name: string, labels: Readonly<Record<string, number>> = {}): Promise<number> {
    return parseExposition(await this.exposition(offset)).sum(name, labels);
  }

  /** Resolves once every server has a verdict over a full window and is healthy, with an error of at most `maxError`. */
  async untilHealthy(maxError: number): Promise<Verdict[]> {
    return waitUntil('every server is healthy', async () => {
      const racks = (await this.healthIfReachable())?.racks ?? [];
      const servers = racks.flatMap((rack) => rack.servers);
      const isGood = ({ status, spectral_error }: Verdict) => status === 'healthy' && (spectral_error ?? 1) <= maxError;
      const isWell = racks.length > 0 && racks.every(({ status }) => status === 'healthy') && servers.every(isGood);
      return isWell ? servers : undefined;
    });
  }

  /** Ends the lab as Ctrl-C does, and gives its exit code. */
  async end(): Promise<number | null> {
    if (!this.hasExited) this.process.kill('SIGINT');
    return this.ended();
  }

  async #get(offset: number, path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.basePort + offset}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  }
}

/** Starts a lab on ports of its own and waits until all its roles run. It ends with the test. */
export async function startLab(context: Ending, flags: readonly string[]): Promise<RunningLab> {
  for (let attempt = 0; attempt < BLOCKS; attempt++) {
    const basePort = FIRST_BASE_PORT + ((process.pid + attempt) % BLOCKS) * PORTS_OF_A_LAB;
    const lab = new RunningLab(basePort, flags);
    context.after(() => lab.end());
    try {
      // oxlint-disable-next-line no-await-in-loop -- only when one block of ports is taken is the next one tried
      await lab.line(/^pids/);
      return lab;
    } catch (error) {
      if (!lab.output.some((line) => line.includes('the port is taken'))) throw error;
    }
  }
  throw new Error('no free block of ports');
}
