import yargs, { type Argv } from 'yargs';
import { agentSpec } from '../config/agent.ts';
import { datacenterSpec } from '../config/datacenter.ts';
import { labSpec } from '../config/lab.ts';
import { ConfigError } from '../config/load.ts';
import { placeSpec } from '../config/place.ts';
import { rackSpec } from '../config/rack.ts';
import type { SpecKeys } from '../config/spec.ts';
import { addAnalyzeOptions, runAnalyze } from './analyze.ts';
import { runChaosCommand, runChaosScenarioCommand, runChaosStatusCommand } from './chaos.ts';
import { addChaosOptions, addChaosRunOptions, addChaosStatusOptions } from './chaos-options.ts';
import { CONFIGURED_ROLES } from './config.ts';
import { addConfigOptions } from './config-options.ts';
import type { CommandHandler } from './context.ts';
import { runLabCommand } from './lab.ts';
import { missingValueText } from './missing-value.ts';
import { runPlaceCommand } from './place.ts';
import { runAgent, runDatacenter, runRack } from './roles.ts';
import { addStatusOptions, addTopOptions, runStatusCommand, runTopCommand } from './terminal.ts';
import { badTogglesText } from './toggle-values.ts';

export interface ParserOptions {
  /** What follows the name of the program. */
  readonly args: readonly string[];
  readonly version: string;
  /** Of the terminal that help is written to. */
  readonly columns: number;
  /** What is done with the arguments of a command. */
  readonly act: (run: CommandHandler) => (args: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Told of bad usage, by its message or as an error. */
  readonly refuse: (message: string | null, error: Error | undefined) => void;
}

/** A command whose flags are those of a configuration. */
interface ConfiguredCommand {
  readonly name: string;
  readonly about: string;
  readonly spec: SpecKeys;
  readonly run: CommandHandler;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [string, string])[];
}

const CONFIGURED_COMMANDS: readonly ConfiguredCommand[] = [
  {
    name: 'lab',
    about: 'the whole cluster on this machine, as real processes',
    spec: labSpec,
    run: runLabCommand,
    examples: [
      ['$0 lab', '4 racks of 8 servers, until Ctrl-C'],
      ['$0 lab --racks 2 --servers 16 --duration 60s --json', 'a minute, then the final tree as JSON'],
      ['$0 lab --open', 'with the dashboard in the browser, which may then inject chaos'],
      ['$0 lab --base-port 20000', 'on other ports'],
    ],
  },
  {
    name: 'agent',
    about: 'sends the tone of one server or many',
    spec: agentSpec,
    run: runAgent,
    examples: [
      ['$0 agent --rack-id 2 --servers 5', 'server 5 of rack 2'],
      ['$0 agent --servers 0-7 --rack-controller-host rack-0.example', 'eight servers, one socket'],
    ],
  },
  {
    name: 'rack',
    about: 'listens to the servers of one rack',
    spec: rackSpec,
    run: runRack,
    examples: [['$0 rack --rack-id 2 --expect 0-7', 'a server of 0 to 7 that is not heard is silent']],
  },
  {
    name: 'datacenter',
    about: 'gathers what the racks heard',
    spec: datacenterSpec,
    run: runDatacenter,
    examples: [['$0 datacenter --num-racks 4', 'a rack of 0 to 3 that does not report counts as 0']],
  },
  {
    name: 'place',
    about: 'gives a node of a Kubernetes cluster its rack and server id, for the agent that runs there',
    spec: placeSpec,
    run: runPlaceCommand,
    examples: [['$0 place --node worker-3 --out agent.json', 'then: netwatch agent --config agent.json']],
  },
];

type Act = ParserOptions['act'];

/** Makes what reads the command line and runs the command on it. */
export function createParser({ args, version, columns, act, refuse }: ParserOptions): Argv {
  const root = yargs([...args])
    .scriptName('netwatch')
    .usage('$0 <command>\n\nHears what a network does to its servers.')
    .parserConfiguration({ 'camel-case-expansion': false, 'duplicate-arguments-array': true, 'parse-numbers': false })
    .strict()
    .demandCommand(1, 'Say which command: netwatch --help lists them.')
    .recommendCommands()
    .version(version)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(120, columns))
    .exitProcess(false)
    .check((parsed) => {
      const text = badTogglesText(parsed, args);
      if (text !== null) throw new ConfigError([text]);
      return true;
    })
    .fail((message, error) =>
      refuse(missingValueText(message, args) ?? message, error instanceof ConfigError ? undefined : error),
    );
  for (const command of CONFIGURED_COMMANDS) addConfiguredCommand(root, command, act);
  addConfigCommand(root, act);
  root.command('top', 'live table of a running datacenter', addTopOptions, act(runTopCommand));
  root.command('status', 'health of a running datacenter, once', addStatusOptions, act(runStatusCommand));
  addChaosCommand(root, act);
  root.command(
    'analyze <file>',
    'verdicts and faults of received samples in a file',
    addAnalyzeOptions,
    act(runAnalyze),
  );
  return root;
}

function addConfiguredCommand(root: Argv, { name, about, spec, run, examples }: ConfiguredCommand, act: Act): void {
  const build = (command: Argv) => {
    for (const [example, does] of examples) command.example(example, does);
    return addConfigOptions(command, spec);
  };
  root.command(name, about, build, act(run));
}

/** `netwatch chaos`, `netwatch chaos status`, `netwatch chaos run FILE` */
function addChaosCommand(root: Argv, act: Act): void {
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
function addConfigCommand(root: Argv, act: Act): void {
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
