#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hideBin } from 'yargs/helpers';
import { BAD_USAGE, type CommandContext, type CommandHandler, DONE, FAILED } from './commands/context.ts';
import { createParser } from './commands/parser.ts';
import { unknownArgumentsText } from './commands/unknown-arguments.ts';
import { ConfigError } from './config/load.ts';

/** Longest that everything may take to close once the process was told to end. */
let closeDeadlineMs = 5000;
/** A command that said how long it needs to close has something to undo, and is never just ended. */
let hasToClose = false;
/** What was written did not arrive, though somebody may have wanted it. */
let hasLostOutput = false;

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
    hasToClose = true;
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
      end(hasLostOutput ? FAILED : code);
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
  const text = unknown === undefined ? message : unknownArgumentsText(unknown.split(', '), hideBin(process.argv));
  process.stderr.write(`${text ?? 'bad usage'}\n`);
  end(BAD_USAGE);
}

/** A signal, or the end of a parent that started this process as its child, ends the command in order. */
function listenForTheEnd(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopBecause('told to end'));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => endUnheard(stream, error));
  }
  if (process.channel) {
    process.on('disconnect', () => stopBecause('the parent has ended'));
    process.channel.unref();
  }
}

/** Ends what cannot say any more what it does. May be told of every write that fails. */
function endUnheard(stream: NodeJS.WriteStream, { code, message }: NodeJS.ErrnoException): void {
  // Whoever read the output has heard enough: `netwatch status --json | head -1`.
  const isEnough = code === 'EPIPE' && (stream === process.stdout || hasToClose);
  if (!isEnough && !hasLostOutput) {
    hasLostOutput = true;
    if (stream === process.stdout) process.stderr.write(`netwatch: cannot write the output: ${message}\n`);
  }
  if (!hasToClose) end(isEnough ? DONE : FAILED);
  stopBecause('nobody hears what it says');
}

/** Begins the end, once; what does not close in time is left behind. */
function stopBecause(reason: unknown): void {
  if (stop.signal.aborted) return;
  setTimeout(() => end(FAILED), closeDeadlineMs).unref();
  stop.abort(reason);
}

/** Also when it could not be written: of that its `error` event tells. */
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
