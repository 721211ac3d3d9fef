import { agentSpec } from '../config/agent.ts';
import { datacenterSpec } from '../config/datacenter.ts';
import { rackSpec } from '../config/rack.ts';
import type { ChaosControl } from '../datacenter/chaos-control.ts';
import { createWallClock, type WallClock } from '../io/clock.ts';
import { createLog, type Log } from '../io/log.ts';
import { logFatal } from '../io/log-fatal.ts';
import { configOf } from './config-options.ts';
import { type CommandContext, type CommandHandler, DONE, FAILED } from './context.ts';

interface Closeable {
  close(): Promise<void>;
}

/** `netwatch agent` */
export const runAgent: CommandHandler = async (context, args) => {
  const config = await configOf(agentSpec, context, args);
  const log = createLog({ role: 'agent', level: config.logLevel });
  const { startAgent } = await import('../agent/start-agent.ts');
  const clock = createWallClock();
  return untilStopped(context, log, () =>
    startAgent({ config, clock, log, version: context.version, random: Math.random }),
  );
};

/** `netwatch rack` */
export const runRack: CommandHandler = async (context, args) => {
  const config = await configOf(rackSpec, context, args);
  const log = createLog({ role: 'rack', level: config.logLevel });
  const { startRack } = await import('../rack/start-rack.ts');
  const { version, fail: onFatal } = context;
  const clock = createWallClock();
  return untilStopped(context, log, () => startRack({ config, clock, log, version, random: Math.random, onFatal }));
};

/** `netwatch datacenter` */
export const runDatacenter: CommandHandler = async (context, args) => {
  const config = await configOf(datacenterSpec, context, args);
  const log = createLog({ role: 'datacenter', level: config.logLevel });
  const { startDatacenter } = await import('../datacenter/start-datacenter.ts');
  const clock = createWallClock();
  const chaosControl = await chaosControlOf(config.labFile, clock);
  return untilStopped(context, log, () =>
    startDatacenter({ config, clock, log, version: context.version, chaosControl }),
  );
};

/** A datacenter knows nothing of how chaos is done, and loads nothing of it unless it was told of a lab. */
async function chaosControlOf(labFile: string | null, clock: WallClock): Promise<ChaosControl | null> {
  if (labFile === null) return null;
  const { createApiControl } = await import('../chaos/api-control.ts');
  return createApiControl({ labFile, nowSeconds: () => clock.nowSeconds() });
}

/** Runs a role until the process is told to end, then closes it in order. */
async function untilStopped(context: CommandContext, log: Log, start: () => Promise<Closeable>): Promise<number> {
  let role: Closeable;
  try {
    role = await start();
  } catch (error) {
    logFatal(log, error);
    return FAILED;
  }
  const reason = await stopped(context.signal);
  if (reason instanceof Error) logFatal(log, reason);
  else log.info('closing');
  await role.close();
  return reason instanceof Error ? FAILED : DONE;
}

async function stopped(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
  return signal.reason;
}
