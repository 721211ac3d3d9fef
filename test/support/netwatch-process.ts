import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { waitUntil } from './wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A role as a person runs it: the command line, in its own process. */
export class NetwatchProcess {
  readonly child: ChildProcess;
  /** Lines it wrote to stderr. */
  readonly lines: string[] = [];

  /**
   * @param args of the command line
   * @param before a program that starts Node elsewhere, with its arguments; these are followed by all of Node's own
   */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    before: readonly string[] = [process.execPath, CLI],
  ) {
    const [program = process.execPath, ...others] = before;
    this.child = spawn(program, [...others, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
    if (this.child.stderr) createInterface({ input: this.child.stderr }).on('line', (line) => this.lines.push(line));
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The first log line with this message. */
  async logged(message: string): Promise<LogLine> {
    return waitUntil(`the log says "${message}"`, () => {
      const found = this.#log().find(({ msg }) => msg === message);
      if (!found && this.hasExited) throw new Error(`the process ended:\n${this.lines.join('\n')}`);
      return found;
    });
  }

  /** Tells it to end, and gives its exit code. */
  async close(): Promise<number | null> {
    if (!this.hasExited) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      this.child.kill('SIGCONT');
      await exited;
    }
    return this.child.exitCode;
  }

  #log(): LogLine[] {
    return this.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }
}

/** Runs a command in this environment until the test is over. */
export function runNetwatchWith(
  env: Readonly<Record<string, string>>,
  context: TestContext,
  ...args: readonly (string | number)[]
): NetwatchProcess {
  const running = new NetwatchProcess(args.map(String), env);
  context.after(() => running.close());
  return running;
}

/** Runs a command until the test is over. */
export function runNetwatch(context: TestContext, ...args: readonly (string | number)[]): NetwatchProcess {
  return runNetwatchWith({}, context, ...args);
}
