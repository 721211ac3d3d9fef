import { execFile } from 'node:child_process';

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
 * Runs a command to its end, without a shell, and tells how it went.
 * @param commandLine the command and its arguments
 * @throws the reason of `signal` when that is aborted; whatever else goes wrong is in the result
 */
export async function runCommand(commandLine: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [command = '', ...args] = commandLine;
  const { input = '', timeoutMs = TIMEOUT_MS, signal } = options;
  signal?.throwIfAborted();
  const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const;
  const result = await new Promise<CommandResult>((resolve) => {
    const settings = { ...limits, ...(signal && { signal }) };
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ problem: null, code: 0, stdout });
      const code = typeof error.code === 'number' ? error.code : null;
      resolve({ problem: problemText({ command, error, code, stderr, timeoutMs }), code, stdout });
    });
    // It may end without having read everything; how it ended says more.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
  signal?.throwIfAborted();
  return result;
}

function problemText(of: {
  command: string;
  error: Error & { code?: unknown; killed?: boolean };
  code: number | null;
  stderr: string;
  timeoutMs: number;
}): string {
  const { command, error, code, stderr, timeoutMs } = of;
  if (error.code === 'ENOENT') return `${command} is not installed, or not on the PATH`;
  if (error.killed === true) return `${command} was not done within ${timeoutMs / 1000} s`;
  const said = stderr.trim().replaceAll(/\s*\n\s*/g, '; ');
  if (said !== '') return said;
  return code === null ? error.message : `${command} ended with exit code ${code}`;
}
