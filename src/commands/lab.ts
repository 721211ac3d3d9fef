import { fileURLToPath } from 'node:url';
import { labSpec } from '../config/lab.ts';
import { labDirectory } from '../io/lab-files.ts';
import { configOf } from './config-options.ts';
import type { CommandContext, CommandHandler } from './context.ts';
import { hasColor } from './terminal.ts';

/** For its roles to end, and for its namespaces and files to go. */
const CLOSE_DEADLINE_MS = 5000;

/** `netwatch lab` */
export const runLabCommand: CommandHandler = async (context, args) => {
  const config = await configOf(labSpec, context, args);
  const { runLab } = await import('../lab/start-lab.ts');
  const { cliFile, stdout, stderr, signal } = context;
  const env = leanEnvironment(context);
  context.closeWithin(CLOSE_DEADLINE_MS);
  return runLab({
    config,
    cliFile,
    stdout,
    stderr,
    signal,
    env,
    isTty: stdout.isTTY,
    color: hasColor(context),
    controlDirectory: labDirectory(context.env),
    // From a checkout there is no netwatch on the path.
    chaosCommand: cliFile.endsWith('.ts') ? 'npm run chaos --' : 'netwatch chaos',
  });
};

/**
 * Nine processes of one program on one machine: each keeps a small young generation, and when they run from sources
 * they share the stripped and compiled ones (a third less memory each, and a quicker start).
 */
function leanEnvironment({ env, cliFile }: CommandContext): CommandContext['env'] {
  const options = [env.NODE_OPTIONS, '--max-semi-space-size=1'].filter(Boolean).join(' ');
  const cache = fileURLToPath(new URL('../../node_modules/.cache/netwatch', import.meta.url));
  return {
    ...env,
    NODE_OPTIONS: options,
    ...(cliFile.endsWith('.ts') && { NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? cache }),
  };
}
