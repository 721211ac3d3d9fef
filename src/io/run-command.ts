import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode } from './listen-error.ts';

export interface CommandOptions {
  /** Given to it on standard input, which is then closed. */
  readonly input?: string;
  /** It is killed after this. */
  readonly timeoutMs?: number;
  /** Kills it. */
  readonly signal?: AbortSignal;
}

/** What a command had to say. */
export interface CommandResult {
  /** Null when it was done: exit code 0. Otherwise why not, in words: what it wrote to stderr, or what became of it. */
  readonly problem: string | null;
  /** Null when it was killed or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
}

const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs a command to its end, without a shell, and tells how it went. A Ctrl-C at this process's terminal does not reach
 * it: whoever calls decides whether it is cut short.
 * @param commandLine the command and its arguments
 * @throws the reason of `signal` when that is aborted; whatever else goes wrong is in the result
 */
export async function runCommand(commandLine: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { input = '', timeoutMs = TIMEOUT_MS, signal } = options;
  signal?.throwIfAborted();
  const result = await new Promise<CommandResult>((resolve) => {
    const [command = '', ...args] = commandLine;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const output = { stdout: collect(child, child.stdout), stderr: collect(child, child.stderr) };
    let cause: string | null = null;
    const stop = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(() => {
      cause = `${command} was not done within ${timeoutMs / 1000} s`;
      stop();
    }, timeoutMs);
    signal?.addEventListener('abort', stop);
    child.once('error', (error) => {
      const isMissing = errorCode(error) === 'ENOENT';
      cause ??= isMissing ? `${command} is not installed, or not on the PATH` : error.message;
    });
    child.once('close', (code, killer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      const [stdout, stderr] = [output.stdout(), output.stderr()];
      if (code === 0) return resolve({ problem: null, code, stdout });
      const end = killer === null ? `${command} ended with exit code ${code}` : `${command} was killed by ${killer}`;
      // What could not be started has an error number of the system for a code.
      const exitCode = code === null || code < 0 ? null : code;
      resolve({ problem: cause ?? (oneLine(stderr) || end), code: exitCode, stdout });
    });
    // It may end without having read everything; how it ended says more.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
  signal?.throwIfAborted();
  return result;
}

/** Gathers what comes, within bounds: what says more than that is ended. */
function collect(child: ChildProcess, stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_OUTPUT_BYTES) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, '; ');
}
