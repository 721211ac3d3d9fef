import { say, type ChaosOutput } from '../chaos/chaos-output.ts';
import type { Reach } from '../chaos/choose-target.ts';
import { chaosSpec, type ChaosConfig } from '../config/chaos.ts';
import { IMPAIRMENT_FLAGS } from '../config/chaos-impairment.ts';
import { chaosRunSpec } from '../config/chaos-run.ts';
import { chaosStatusSpec, type ChaosTargetConfig } from '../config/chaos-target.ts';
import { ConfigError } from '../config/load.ts';
import { flagName } from '../config/names.ts';
import { labDirectory } from '../io/lab-files.ts';
import type { Impairment } from '../netem/impairment.ts';
import { configOf } from './config-options.ts';
import { type CommandContext, type CommandHandler, DONE, FAILED } from './context.ts';
import { readScenarioFile } from './scenario-file.ts';

/** An undo on many servers, where helpers let what waits leave, takes longer than the end of a role. */
const CLOSE_DEADLINE_MS = 90_000;

/** `netwatch chaos` */
export const runChaosCommand: CommandHandler = async (context, args) => {
  const config = await configOf(chaosSpec, context, args);
  const impairment = config.action === 'inject' ? await impairmentOf(config) : null;
  return withReach(context, config, async (reach) => {
    const common = { reach, output: outputOf(context, config), signal: context.signal };
    if (impairment === null) {
      const { runClear } = await import('../chaos/run-clear.ts');
      await runClear({ ...common, selection: config, dryRun: config.dryRun });
      return DONE;
    }
    const { runInjection } = await import('../chaos/run-injection.ts');
    return (await runInjection({ ...common, config, impairment })) ? DONE : FAILED;
  });
};

/** `netwatch chaos status` */
export const runChaosStatusCommand: CommandHandler = async (context, args) => {
  const config = await configOf(chaosStatusSpec, context, args);
  return withReach(context, config, async (reach) => {
    const { runStatus } = await import('../chaos/run-status.ts');
    await runStatus({ reach, output: outputOf(context, config), signal: context.signal });
    return DONE;
  });
};

/** `netwatch chaos run FILE` */
export const runChaosScenarioCommand: CommandHandler = async (context, args) => {
  const config = await configOf(chaosRunSpec, context, args);
  const { parseScenario } = await import('../chaos/scenario/parse-scenario.ts');
  const { MAX_YAML_BYTES } = await import('../chaos/scenario/yaml-text.ts');
  const name = String(args.file);
  const scenario = parseScenario(await readScenarioFile(name, MAX_YAML_BYTES), name);
  const output = outputOf(context, config);
  if (config.check) {
    say(output, `${name}: a valid scenario, "${scenario.name}"`);
    return DONE;
  }
  const { runScenarioFile } = await import('../chaos/run-scenario-file.ts');
  return withReach(context, config, async (reach) => {
    const { version, signal } = context;
    return (await runScenarioFile({ scenario, config, reach, output, version, signal })) ? DONE : FAILED;
  });
};

/** Finds the target, and lets go of it in the end. */
async function withReach(
  context: CommandContext,
  config: ChaosTargetConfig,
  use: (reach: Reach) => Promise<number>,
): Promise<number> {
  const { env, signal } = context;
  context.closeWithin(CLOSE_DEADLINE_MS);
  const { chooseTarget } = await import('../chaos/choose-target.ts');
  const reach = await chooseTarget({
    config,
    labDirectory: labDirectory(env),
    docker: { dockerHost: env.DOCKER_HOST, tlsVerify: env.DOCKER_TLS_VERIFY, certPath: env.DOCKER_CERT_PATH },
    kubeconfig: env.KUBECONFIG,
    signal,
    onProblem: (text) => void context.stderr.write(`${text}\n`),
  });
  try {
    return await use(reach);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    context.stderr.write('ended before it was done\n');
    return FAILED;
  } finally {
    await reach.target.close();
  }
}

/** @throws ConfigError that names each flag that is wrong */
async function impairmentOf(config: ChaosConfig): Promise<Impairment> {
  const { parseImpairment } = await import('../netem/parse-impairment.ts');
  const given = IMPAIRMENT_FLAGS.map((key) => [key, config[key]] as const).filter(([, text]) => text !== null);
  if (given.length === 0) {
    throw new ConfigError(['say what to break it with: --delay 200ms, --loss 20, --rate 1mbit, …']);
  }
  const parsed = parseImpairment(Object.fromEntries(given));
  if (parsed.kind === 'impairment') return parsed.impairment;
  throw new ConfigError(
    parsed.problems.map(({ key, given: text, allowed }) => `--${flagName(key)}: got "${text}", allowed: ${allowed}`),
  );
}

function outputOf({ stdout, stderr }: CommandContext, { json }: ChaosTargetConfig): ChaosOutput {
  return { stdout, stderr, json, showsProgress: stderr.isTTY };
}
