import { startChildProcess, type ChildEnd, type Environment, type RunningChild } from './child-process.ts';
import { plainRoleLine, type RoleLogLevel } from './role-log.ts';

/** What to start. */
export interface ChildSpec {
  readonly name: string;
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
  const { restartAfterSeconds, leastLevel, onLine, killAfterMs = KILL_AFTER_MS } = options;
  const children: Supervised[] = [];
  const failure = new AbortController();
  let phase: 'starting' | 'running' | 'closing' = 'starting';
  let closing: Promise<void> | null = null;
  const isEnding = (): boolean => phase === 'closing' || options.signal?.aborted === true;

  function run(child: Supervised): void {
    const running = startChildProcess({
      command: options.command,
      args: child.spec.args,
      env: options.env,
      onLine: (line) => hear(child, line),
    });
    child.running = running;
    void running.ended.then((end) => onEnd(child, end));
  }

  function hear(child: Supervised, line: string): void {
    child.lastLines.push(line);
    if (child.lastLines.length > MAX_LAST_LINES) child.lastLines.shift();
    // While starting they are held back, for the error that may come of it.
    if (phase === 'running' && !isEnding()) passOn(child, line);
  }

  function passOn(child: Supervised, line: string): void {
    const plain = plainRoleLine(child.spec.name, line, leastLevel);
    if (plain !== null) onLine(plain);
  }

  function onEnd(child: Supervised, end: ChildEnd): void {
    child.running = null;
    if (isEnding()) return;
    if (phase === 'starting') {
      failure.abort(startError(child, end));
      return;
    }
    const died = `${child.spec.name} ended unexpectedly (${endText(end)})`;
    if (restartAfterSeconds === 0) {
      onLine(`${died}; it stays down`);
      return;
    }
    onLine(`${died}; it is started again in ${restartAfterSeconds} s`);
    child.restartTimer = setTimeout(() => {
      if (isEnding()) return;
      child.restarts++;
      run(child);
      onLine(
        `${child.spec.name} was started again, pid ${child.running?.pid ?? 'unknown'} (restart ${child.restarts})`,
      );
    }, restartAfterSeconds * 1000);
  }

  async function endAll(): Promise<void> {
    phase = 'closing';
    const running = children.flatMap((child) => child.running ?? []);
    for (const child of children) clearTimeout(child.restartTimer);
    for (const child of running) child.kill('SIGTERM');
    const force = setTimeout(() => {
      for (const child of running) child.kill('SIGKILL');
    }, killAfterMs);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(force);
  }

  return {
    failed: failure.signal,
    add(spec) {
      if (phase === 'closing') throw new Error('the children are being closed');
      const child: Supervised = { spec, running: null, restarts: 0, restartTimer: undefined, lastLines: [] };
      children.push(child);
      run(child);
    },
    supervise() {
      if (phase !== 'starting') return;
      phase = 'running';
      for (const child of children) for (const line of child.lastLines) passOn(child, line);
    },
    states: () =>
      children.map(({ spec, running, restarts }) => ({ name: spec.name, pid: running?.pid ?? null, restarts })),
    close() {
      closing ??= endAll();
      return closing;
    },
  };
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
