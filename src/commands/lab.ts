import { labSpec } from '../config/lab.ts';
import { configOf } from './config-options.ts';
import type { CommandHandler } from './context.ts';
import { hasColor } from './terminal.ts';

/** `netwatch lab` */
export const runLabCommand: CommandHandler = async (context, args) => {
  const config = await configOf(labSpec, context, args);
  const { runLab } = await import('../lab/start-lab.ts');
  const { cliFile, stdout, stderr, signal } = context;
  return runLab({ config, cliFile, stdout, stderr, signal, isTty: stdout.isTTY, color: hasColor(context) });
};
