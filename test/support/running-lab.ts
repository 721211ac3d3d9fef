import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { DatacenterHealth, RackHealth, Verdict } from '../../src/core/verdict.ts';
import type { StatusEvent } from '../../src/datacenter/events.ts';
import { waitUntil } from './wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Below the range from which systems give out ports; each lab of a test run takes the next block. */
const FIRST_BASE_PORT = 12_000;
const PORTS_OF_A_LAB = 400;
const ATTEMPTS = 20;
const LAB_DEADLINE_MS = 60_000;

/** A lab that runs as a person would run it: its own process, found through its own output and API. */
export class RunningLab {
  readonly basePort: number;
  readonly process: ChildProcess;
  readonly output: string[] = [];

  constructor(basePort: number, flags: readonly string[]) {
    this.basePort = basePort;
    const args = [CLI, 'lab', '--base-port', String(basePort), ...flags];
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.output.push(line));
    }
  }

  /** The process id that the lab printed for a role, `agent-2`. */
  pid(name: string): number {
    const match = this.output.join('\n').match(new RegExp(`\\b${name} (\\d+)`));
    if (!match) throw new Error(`no pid of ${name} in:\n${this.output.join('\n')}`);
    return Number(match[1]);
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
  async metric(offset: number, name: string, labels = ''): Promise<number> {
    const text = await this.exposition(offset);
    const lines = text.split('\n').filter((line) => line.startsWith(name) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
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

  /** Ends the lab as Ctrl-C does and waits for it. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGINT');
    await exited;
  }

  async #get(offset: number, path: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.basePort + offset}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  }
}

/** Starts a lab on ports of its own and waits until all its roles run. It ends with the test. */
export async function startLab(context: TestContext, flags: readonly string[]): Promise<RunningLab> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lab = new RunningLab(FIRST_BASE_PORT + ((process.pid + attempt) % 40) * PORTS_OF_A_LAB, flags);
    context.after(() => lab.end());
    // oxlint-disable-next-line no-await-in-loop -- only when one block of ports is taken is the next one tried
    const isUp = await waitUntil(
      'the lab runs',
      () => (lab.process.exitCode === null ? lab.output.some((line) => line.startsWith('pids')) || undefined : 'ended'),
      LAB_DEADLINE_MS,
    );
    if (isUp === true) return lab;
    if (!lab.output.join('\n').includes('taken')) throw new Error(lab.output.join('\n'));
  }
  throw new Error('no free block of ports');
}
