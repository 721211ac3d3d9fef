#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hideBin } from 'yargs/helpers';
import { BAD_USAGE, type CommandContext, type CommandHandler, DONE, FAILED } from './commands/context.ts';
import { createParser } from './commands/parser.ts';
import { ConfigError } from './config/load.ts';

/** Longest that everything may take to close once the process was told to end. */
let closeDeadlineMs = 5000;

const stop = new AbortController();
const context: CommandContext = {
  version: readVersion(),
  cliFile: fileURLToPath(import.meta.url),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
  fail: stopBecause,
  closeWithin: (ms) => {
    closeDeadlineMs = ms;
  },
};

listenForTheEnd();
const parser = createParser({
  args: hideBin(process.argv),
  version: context.version,
  columns: process.stdout.columns ?? 100,
  act,
  refuse,
});
await parser.parseAsync();

/** Runs a command and ends the process with its exit code, once what it wrote has left. */
function act(run: CommandHandler): (args: Readonly<Record<string, unknown>>) => Promise<void> {
  return async (args) => {
    try {
      const code = await run(context, args);
      await written(process.stdout);
      end(code);
    } catch (error) {
      if (error instanceof ConfigError) refuse(error.message, undefined);
      process.stderr.write(`netwatch: ${error instanceof Error ? error.message : String(error)}\n`);
      end(FAILED);
    }
  };
}

function refuse(message: string | null, error: Error | undefined): never {
  // What yargs itself throws is bad usage like any other.
  if (error && error.name !== 'YError') throw error;
  const unknown = /^Unknown arguments?: (.*)$/.exec(message ?? '')?.[1];
  const flags = unknown?.split(', ').map((name) => `--${name}: unknown flag, --help lists those there are`);
  process.stderr.write(`${flags?.join('\n') ?? message ?? 'bad usage'}\n`);
  end(BAD_USAGE);
}

/** A signal, or the end of a parent that started this process as its child, ends the command in order. */
function listenForTheEnd(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopBecause('told to end'));
  // Whoever read the output has heard enough: `netwatch status --json | head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => end(error.code === 'EPIPE' ? DONE : FAILED));
  if (process.channel) {
    process.on('disconnect', () => stopBecause('the parent has ended'));
    process.channel.unref();
  }
}

/** Begins the end, once; what does not close in time is left behind. */
function stopBecause(reason: unknown): void {
  if (stop.signal.aborted) return;
  setTimeout(() => end(FAILED), closeDeadlineMs).unref();
  stop.abort(reason);
}

async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}

function end(code: number): never {
  process.exit(code);
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this package's own file
  return (JSON.parse(text) as { version: string }).version;
}
