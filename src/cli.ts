#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { agentSpec } from './config/agent.ts';
import { datacenterSpec } from './config/datacenter.ts';
import { labSpec } from './config/lab.ts';
import { ConfigError } from './config/load.ts';
import { rackSpec } from './config/rack.ts';
import type { SpecKeys } from './config/spec.ts';
import { addAnalyzeOptions, runAnalyze } from './commands/analyze.ts';
import {
  addChaosOptions,
  addChaosRunOptions,
  addChaosStatusOptions,
  runChaosCommand,
  runChaosScenarioCommand,
  runChaosStatusCommand,
} from './commands/chaos.ts';
import { CONFIGURED_ROLES } from './commands/config.ts';
import { addConfigOptions } from './commands/config-options.ts';
import { BAD_USAGE, type CommandContext, type CommandHandler, DONE, FAILED } from './commands/context.ts';
import { runLabCommand } from './commands/lab.ts';
import { runAgent, runDatacenter, runRack } from './commands/roles.ts';
import { addStatusOptions, addTopOptions, runStatusCommand, runTopCommand } from './commands/terminal.ts';

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
await parser().parseAsync();

function parser(): Argv {
  const root = yargs(hideBin(process.argv))
    .scriptName('netwatch')
    .usage('$0 <command>\n\nHears what a network does to its servers.')
    .parserConfiguration({ 'camel-case-expansion': false, 'duplicate-arguments-array': true, 'parse-numbers': false })
    .strict()
    .demandCommand(1, 'Say which command: netwatch --help lists them.')
    .recommendCommands()
    .version(context.version)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(120, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => refuse(message, error));
  addCommand(root, {
    name: 'lab',
    about: 'the whole cluster on this machine, as real processes',
    spec: labSpec,
    run: runLabCommand,
    examples: [
      ['$0 lab', '4 racks of 8 servers, until Ctrl-C'],
      ['$0 lab --racks 2 --servers 16 --duration 60s --json', 'a minute, then the final tree as JSON'],
      ['$0 lab --base-port 20000', 'on other ports'],
    ],
  });
  addCommand(root, {
    name: 'agent',
    about: 'sends the tone of one server or many',
    spec: agentSpec,
    run: runAgent,
    examples: [
      ['$0 agent --rack-id 2 --servers 5', 'server 5 of rack 2'],
      ['$0 agent --servers 0-7 --rack-controller-host rack-0.example', 'eight servers, one socket'],
    ],
  });
  addCommand(root, {
    name: 'rack',
    about: 'listens to the servers of one rack',
    spec: rackSpec,
    run: runRack,
    examples: [['$0 rack --rack-id 2 --expect 0-7', 'a server of 0 to 7 that is not heard is silent']],
  });
  addCommand(root, {
    name: 'datacenter',
    about: 'gathers what the racks heard',
    spec: datacenterSpec,
    run: runDatacenter,
    examples: [['$0 datacenter --num-racks 4', 'a rack of 0 to 3 that does not report counts as 0']],
  });
  addConfigCommand(root);
  root.command('top', 'live table of a running datacenter', addTopOptions, act(runTopCommand));
  root.command('status', 'health of a running datacenter, once', addStatusOptions, act(runStatusCommand));
  addChaosCommand(root);
  root.command('analyze <file>', 'verdicts of received samples in a file', addAnalyzeOptions, act(runAnalyze));
  return root;
}

interface ConfiguredCommand {
  readonly name: string;
  readonly about: string;
  readonly spec: SpecKeys;
  readonly run: CommandHandler;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [string, string])[];
}

function addCommand(root: Argv, { name, about, spec, run, examples }: ConfiguredCommand): void {
  const build = (command: Argv) => {
    for (const [example, does] of examples) command.example(example, does);
    return addConfigOptions(command, spec);
  };
  root.command(name, about, build, act(run));
}

/** `netwatch chaos`, `netwatch chaos status`, `netwatch chaos run FILE` */
function addChaosCommand(root: Argv): void {
  root.command('chaos', 'break the network of servers on purpose, and undo it', (chaos) => {
    chaos.command('$0', 'inject, or clear what is injected', addChaosOptions, act(runChaosCommand));
    chaos.command(
      'status',
      'what is injected, and what was left behind',
      addChaosStatusOptions,
      act(runChaosStatusCommand),
    );
    chaos.command(
      'run <file>',
      'play a scenario, and say whether it was seen',
      addChaosRunOptions,
      act(runChaosScenarioCommand),
    );
    return chaos;
  });
}

/** `netwatch config print|check ROLE` with the flags of that role. */
function addConfigCommand(root: Argv): void {
  root.command('config', 'show or check the configuration of a role', (config) => {
    config.command('print', 'show the effective configuration of a role', (roles) => {
      for (const [role, { spec, print }] of Object.entries(CONFIGURED_ROLES)) {
        const build = (command: Argv) =>
          addConfigOptions(command, spec).option('as-file', { type: 'boolean', describe: 'as a file for --config' });
        roles.command(role, `what a ${role} with these flags, this environment and file would do`, build, act(print));
      }
      return roles.demandCommand(1, 'Say which role: netwatch config print --help lists them.');
    });
    config.command('check', 'check the configuration of a role', (roles) => {
      for (const [role, { spec, check }] of Object.entries(CONFIGURED_ROLES)) {
        const build = (command: Argv) => addConfigOptions(command, spec);
        roles.command(role, `exit code 0 when a ${role} would accept it, 2 when not`, build, act(check));
      }
      return roles.demandCommand(1, 'Say which role: netwatch config check --help lists them.');
    });
    return config.demandCommand(1, 'Say print or check.');
  });
}

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
