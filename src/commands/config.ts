import { agentSpec } from '../config/agent.ts';
import { datacenterSpec } from '../config/datacenter.ts';
import { labSpec } from '../config/lab.ts';
import { ConfigError, describeConfig, loadConfig } from '../config/load.ts';
import { rackSpec } from '../config/rack.ts';
import type { ConfigSpec, Fields } from '../config/spec.ts';
import { readKeyFile } from '../io/key-file.ts';
import { readTlsFiles } from '../io/tls-files.ts';
import { readTokenFile } from '../io/token-file.ts';
import { configSources } from './config-options.ts';
import { type CommandHandler, DONE } from './context.ts';

/** The roles that have a configuration. */
export const CONFIGURED_ROLES = {
  agent: configCommands(agentSpec),
  rack: configCommands(rackSpec),
  datacenter: configCommands(datacenterSpec),
  lab: configCommands(labSpec),
} as const;

/** A role that is started reads these too, and refuses what it cannot read. */
async function checkFiles(config: object): Promise<void> {
  const none = { keyFile: null, tlsCaFile: null, tlsCertFile: null, tlsKeyFile: null, controlTokenFile: null };
  const names = { ...none, ...config };
  try {
    if (names.keyFile !== null) await readKeyFile(names.keyFile);
    await readTlsFiles(names);
    if (names.controlTokenFile !== null) await readTokenFile(names.controlTokenFile);
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

/** `netwatch config print ROLE` and `netwatch config check ROLE`. */
function configCommands<F extends Fields, C extends object>(spec: ConfigSpec<F, C>) {
  const print: CommandHandler = async (context, args) => {
    const values = describeConfig(spec, await configSources(spec, context, args));
    if (args['as-file'] === true) {
      const file = Object.fromEntries(values.map(({ fileKey, value }) => [fileKey, value]));
      context.stdout.write(`${JSON.stringify(file, null, 2)}\n`);
      return DONE;
    }
    const rows = values.map(({ fileKey, value, source }) => [fileKey, JSON.stringify(value), source] as const);
    const [nameWidth, valueWidth] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const [name, value, source] of rows) {
      context.stdout.write(`${name.padEnd(nameWidth ?? 0)}  ${value.padEnd(valueWidth ?? 0)}  ${source}\n`);
    }
    return DONE;
  };
  const check: CommandHandler = async (context, args) => {
    await checkFiles(loadConfig(spec, await configSources(spec, context, args)));
    context.stdout.write(`${spec.role}: the configuration is valid\n`);
    return DONE;
  };
  return { spec, print, check };
}
