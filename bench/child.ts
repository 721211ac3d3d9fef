import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { numberIn, parseObject } from './json.ts';

const CLI_FILE = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const START_DEADLINE_MS = 20_000;

/** A process of a bench. It has a channel to the bench and ends when that is gone. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  send(message: object): void;
  /** The next message it sends. @throws Error when it ends instead. */
  message(): Promise<unknown>;
}

/** A role of NetWatch that listens. */
export interface RoleChild extends Child {
  /** A port it said it listens on: `udpPort`, `metricsPort`, … */
  port(name: string): number;
}

/** Starts a module of `bench/children`. */
export function startModule(file: string, nodeArgs: readonly string[] = []): Child {
  const path = fileURLToPath(new URL(`./children/${file}`, import.meta.url));
  return toChild(spawn(process.execPath, [...nodeArgs, path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
}

/** Starts the CLI with nothing in its environment that could configure it, and does not wait for anything. */
export function startCli(args: readonly string[]): Child {
  return toChild(spawnCli(args));
}

/**
 * Starts a role and waits until it listens.
 * @throws Error with the last words of a role that does not.
 */
export async function startRole(args: readonly string[]): Promise<RoleChild> {
  const started = spawnCli(args);
  const child = toChild(started);
  try {
    const said = await listening(started);
    return Object.assign(child, { port: (name: string) => numberIn(said, name) });
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

function spawnCli(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI_FILE, ...args], { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

async function listening(started: ChildProcess): Promise<unknown> {
  if (!started.stderr) throw new Error('a role without stderr');
  const lines = createInterface({ input: started.stderr });
  const signal = AbortSignal.timeout(START_DEADLINE_MS);
  let last = 'it said nothing';
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error(`a role does not listen: ${last}`));
    signal.addEventListener('abort', fail);
    started.once('exit', fail);
    lines.on('line', (line) => {
      last = line;
      const said = parseObject(line);
      if (said?.msg === 'listening') resolve(said);
    });
  });
}

function toChild(started: ChildProcess): Child {
  const exited = once(started, 'exit');
  return {
    pid: started.pid ?? 0,
    send: (message) => void started.send(message),
    async message() {
      const ended = exited.then(([code]) =>
        Promise.reject(new Error(`a process of the bench ended, exit code ${code}`)),
      );
      const [message]: unknown[] = await Promise.race([once(started, 'message'), ended]);
      return message;
    },
    async [Symbol.asyncDispose]() {
      started.kill('SIGTERM');
      await exited;
    },
  };
}
