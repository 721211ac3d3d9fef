import { startChildProcess, type ChildEnd, type Environment, type RunningChild } from './child-process.ts';
import { plainRoleLine, type RoleLogLevel } from './role-log.ts';

/** What to start. */
export interface ChildSpec {
  readonly name: string;
  /** What comes before the command: `ip netns exec NAME`. It must give way to the command and keep its channel open. */
  readonly commandPrefix?: readonly string[];
  /** Everything after the command. */
  readonly args: readonly string[];
}

export interface ChildState {
  readonly name: string;
  /** Null while it does not run. */
  readonly pid: number | null;
  /** How often it was started again. */
  readonly restarts: number;
}

export interface ChildrenOptions {
  readonly command: string;
  /** Absent: that of this process. */
  readonly env?: Environment | undefined;
  /** 0: what died stays down. */
  readonly restartAfterSeconds: number;
  /** Least severe line of the children that is passed on. */
  readonly leastLevel: RoleLogLevel;
  /** A line for the log of whoever started them: what a child had to say, its death, its new start. */
  readonly onLine: (line: string) => void;
  /** Aborts when everything is told to end. A Ctrl-C reaches the children too: what they do from then on is no news. */
  readonly signal?: AbortSignal;
  /** From asking a child to end to making it end. */
  readonly killAfterMs?: number;
}

export interface Children {
  /** Starts one more. */
  add(child: ChildSpec): void;
  /** Aborts, with an Error that says which and why, when a child ends before `supervise` was called. */
  readonly failed: AbortSignal;
  /** Everything is started: from now on a child that dies is started again. */
  supervise(): void;
  /** In the order in which they were started. */
  states(): readonly ChildState[];
  /** Asks every child to end, and makes it end after `killAfterMs`. Resolves when all have ended. Idempotent. */
  close(): Promise<void>;
}

interface Supervised {
  readonly spec: ChildSpec;
  /** Null while it does not run. */
  running: RunningChild | null;
  restarts: number;
  restartTimer: NodeJS.Timeout | undefined;
  /** The newest of what it wrote, raw. */
  readonly lastLines: string[];
}

const KILL_AFTER_MS = 1500;
/** As much as an uncaught error writes. */
const MAX_LAST_LINES = 20;

/** Child processes that are kept running until they are closed. */
export function startChildren(options: ChildrenOptions): Children {
  return new SupervisedChildren(options);
}

class SupervisedChildren implements Children {
  readonly #options: ChildrenOptions;
  readonly #children: Supervised[] = [];
  readonly #failure = new AbortController();
  #phase: 'starting' | 'running' | 'closing' = 'starting';
  #closing: Promise<void> | null = null;

  constructor(options: ChildrenOptions) {
    this.#options = options;
  }

  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  add(spec: ChildSpec): void {
    if (this.#phase === 'closing') throw new Error('the children are being closed');
    const child: Supervised = { spec, running: null, restarts: 0, restartTimer: undefined, lastLines: [] };
    this.#children.push(child);
    this.#run(child);
  }

  supervise(): void {
    if (this.#phase !== 'starting') return;
    this.#phase = 'running';
    for (const child of this.#children) for (const line of child.lastLines) this.#passOn(child, line);
  }

  states(): readonly ChildState[] {
    return this.#children.map(({ spec, running, restarts }) => ({
      name: spec.name,
      pid: running?.pid ?? null,
      restarts,
    }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#endAll();
    return this.#closing;
  }

  get #isEnding(): boolean {
    return this.#phase === 'closing' || this.#options.signal?.aborted === true;
  }

  #run(child: Supervised): void {
    const { commandPrefix = [], args: childArgs } = child.spec;
    const [command = this.#options.command, ...args] = [...commandPrefix, this.#options.command, ...childArgs];
    const running = startChildProcess({
      command,
      args,
      env: this.#options.env,
      onLine: (line) => this.#hear(child, line),
    });
    child.running = running;
    void running.ended.then((end) => this.#onEnd(child, end));
  }

  #hear(child: Supervised, line: string): void {
    child.lastLines.push(line);
    if (child.lastLines.length > MAX_LAST_LINES) child.lastLines.shift();
    // While starting they are held back, for the error that may come of it.
    if (this.#phase === 'running' && !this.#isEnding) this.#passOn(child, line);
  }

  #passOn(child: Supervised, line: string): void {
    const plain = plainRoleLine(child.spec.name, line, this.#options.leastLevel);
    if (plain !== null) this.#options.onLine(plain);
  }

  #onEnd(child: Supervised, end: ChildEnd): void {
    child.running = null;
    if (this.#isEnding) return;
    if (this.#phase === 'starting') {
      this.#failure.abort(startError(child, end));
      return;
    }
    const { restartAfterSeconds, onLine } = this.#options;
    const died = `${child.spec.name} ended unexpectedly (${endText(end)})`;
    if (restartAfterSeconds === 0) {
      onLine(`${died}; it stays down`);
      return;
    }
    onLine(`${died}; it is started again in ${restartAfterSeconds} s`);
    child.restartTimer = setTimeout(() => this.#restart(child), restartAfterSeconds * 1000);
  }

  #restart(child: Supervised): void {
    if (this.#isEnding) return;
    child.restarts++;
    this.#run(child);
    const pid = child.running?.pid ?? 'unknown';
    this.#options.onLine(`${child.spec.name} was started again, pid ${pid} (restart ${child.restarts})`);
  }

  async #endAll(): Promise<void> {
    this.#phase = 'closing';
    const running = this.#children.flatMap((child) => child.running ?? []);
    for (const child of this.#children) clearTimeout(child.restartTimer);
    for (const child of running) child.kill('SIGTERM');
    const force = setTimeout(() => {
      for (const child of running) child.kill('SIGKILL');
    }, this.#options.killAfterMs ?? KILL_AFTER_MS);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(force);
  }
}

function startError({ spec, lastLines }: Supervised, end: ChildEnd): Error {
  const lines = lastLines.flatMap((line) => plainRoleLine(spec.name, line, 'trace') ?? []);
  const said = lines.length === 0 ? 'it wrote nothing' : `its last lines:\n  ${lines.join('\n  ')}`;
  return new Error(`${spec.name} ended while it was being started (${endText(end)}); ${said}`);
}

function endText({ code, signal, error }: ChildEnd): string {
  if (error !== null) return `it could not be started: ${error.message}`;
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}
