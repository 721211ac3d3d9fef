import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type HolderLine, parseHolderLine } from '../../src/chaos/holder/holder-lines.ts';
import { waitUntil } from './wait-until.ts';

/** A holder's or sweep's script as a real process. */
export class RunningHolder {
  readonly child: ChildProcess;
  /** What it said, in order. */
  readonly lines: HolderLine[] = [];
  /** Whatever else it wrote; of a script that is right, nothing. */
  readonly strays: string[] = [];
  readonly #closed: Promise<unknown>;

  /** @param command a shell and what comes before the script: `sh -c`, `ip netns exec server sh -c` */
  constructor(command: readonly string[], script: string, environment: Readonly<Record<string, string>> = {}) {
    const [program = 'sh', ...args] = command;
    this.child = spawn(program, [...args, script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...environment },
    });
    this.#closed = once(this.child, 'close');
    const { stdout, stderr } = this.child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#take(line));
    if (stderr) createInterface({ input: stderr }).on('line', (line) => this.strays.push(line));
  }

  get told(): string {
    return [...this.lines.map((line) => JSON.stringify(line)), ...this.strays].join('\n');
  }

  /** Until it says so. @throws Error when it ends without */
  async said(kind: HolderLine['kind']): Promise<HolderLine> {
    return waitUntil(`the holder says ${kind}`, () => {
      const found = this.lines.find((line) => line.kind === kind);
      const { exitCode, signalCode } = this.child;
      assert.ok(found || (exitCode === null && signalCode === null), `the holder ended:\n${this.told}`);
      return found;
    });
  }

  /** Its exit code; null when a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.child.exitCode;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }

  #take(line: string): void {
    const parsed = parseHolderLine(line);
    if (parsed) this.lines.push(parsed);
    else this.strays.push(line);
  }
}
