import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createLineDecoder } from '../wire/line-decoder.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ChildProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Absent: that of this process. */
  readonly env?: Environment | undefined;
  /** Each line it writes to stderr, the last one also when it is not finished. */
  readonly onLine: (line: string) => void;
}

/** How a process ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  readonly error: Error | null;
}

export interface RunningChild {
  /** Null when it could not be started. */
  readonly pid: number | null;
  /** Resolves once it has ended and all it wrote was read. */
  readonly ended: Promise<ChildEnd>;
  /** Does nothing to a process that has ended. */
  kill(signal: NodeJS.Signals): void;
}

const MAX_LINE_BYTES = 16 * 1024;
/** Longest wait, after its end, for what else comes out of its pipe: a process of its own may hold it open. */
const DRAIN_MS = 200;

/**
 * Starts a process. It has a channel to this one (`process.on('disconnect')` in a Node child), so that it notices when
 * this process dies, by whatever means.
 */
export function startChildProcess({ command, args, env, onLine }: ChildProcessOptions): RunningChild {
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(env === undefined ? {} : { env }),
    });
  } catch (error) {
    // Some reasons are thrown, the others come as an event.
    return { pid: null, ended: Promise.resolve(notStarted(error)), kill: () => {} };
  }
  // Without file descriptors left there is no pipe.
  if (child.stderr) readLines(child.stderr, onLine);
  return {
    pid: child.pid ?? null,
    ended: endOf(child),
    kill: (signal) => void child.kill(signal),
  };
}

function readLines(stderr: Readable, onLine: (line: string) => void): void {
  const decoder = createLineDecoder({ maxLineBytes: MAX_LINE_BYTES });
  const push = (chunk: Uint8Array): void => {
    for (const event of decoder.push(chunk)) {
      onLine(event.kind === 'line' ? event.text : `a line of more than ${MAX_LINE_BYTES} bytes`);
    }
  };
  stderr.on('data', push);
  stderr.once('close', () => push(Buffer.from('\n')));
}

async function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    // An error after the start is one of killing or of the channel; the process then still ends in 'close'.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(notStarted(error));
    });
    let drain: NodeJS.Timeout | undefined;
    child.once('exit', () => {
      drain = setTimeout(() => child.stderr?.destroy(), DRAIN_MS);
    });
    child.once('close', (code, signal) => {
      clearTimeout(drain);
      resolve({ code, signal, error: null });
    });
  });
}

function notStarted(error: unknown): ChildEnd {
  return { code: null, signal: null, error: error instanceof Error ? error : new Error(String(error)) };
}
