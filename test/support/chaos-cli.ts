import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { waitUntil } from './wait-until.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** How a command ended, and what it wrote. */
export interface CommandResult {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A chaos command that runs as a person runs it. */
export interface RunningCommand {
  /** Resolves once it has written this to stdout. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Reads no further, like `| head -0`: what it writes from now on does not arrive. */
  stopListening(stream: 'stdout' | 'stderr'): void;
  readonly ended: Promise<CommandResult>;
}

/** Starts `netwatch chaos …` with this directory as the place where labs are found. */
export function startChaos(context: TestContext, runtimeDirectory: string, args: readonly string[]): RunningCommand {
  // Neither a Docker Engine nor a cluster of this machine is meant.
  const elsewhere = { DOCKER_HOST: `unix://${runtimeDirectory}/none.sock`, KUBECONFIG: `${runtimeDirectory}/none` };
  const child = spawn(process.execPath, [CLI, 'chaos', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: runtimeDirectory, ...elsewhere },
  });
  context.after(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    stopListening: (stream) => void child[stream].destroy(),
    async said(text) {
      await waitUntil(`the command says "${text}"`, () => {
        if (child.exitCode !== null && !stdout.includes(text)) throw new Error(`it ended: ${stdout}${stderr}`);
        return stdout.includes(text);
      });
    },
  };
}

/** Runs `netwatch chaos …` to its end. */
export function runChaos(context: TestContext, runtimeDirectory: string, ...args: string[]): Promise<CommandResult> {
  return startChaos(context, runtimeDirectory, args).ended;
}
