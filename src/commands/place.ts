import { placeSpec } from '../config/place.ts';
import { createLog } from '../io/log.ts';
import { configOf } from './config-options.ts';
import { type CommandHandler, DONE } from './context.ts';

/** `netwatch place` */
export const runPlaceCommand: CommandHandler = async (context, args) => {
  const config = await configOf(placeSpec, context, args);
  const log = createLog({ role: 'place', level: config.logLevel });
  const { runPlace } = await import('../placement/run-place.ts');
  await runPlace({ config, kubeconfig: context.env.KUBECONFIG, log, random: Math.random, signal: context.signal });
  return DONE;
};
