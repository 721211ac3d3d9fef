import type { ChaosConfig } from '../config/chaos.ts';
import { systemSeconds } from '../io/clock.ts';
import { UserError } from '../io/user-error.ts';
import type { Impairment } from '../netem/impairment.ts';
import { countText, durationText } from '../terminal/number-text.ts';
import type { ChaosNotice } from '../wire/chaos-notice.ts';
import type { Injection } from '../wire/injection.ts';
import { createAnnouncer } from './announcer.ts';
import { giveJson, say, showProgress, warn, type ChaosOutput } from './chaos-output.ts';
import type { Reach } from './choose-target.ts';
import { REAL_CLOCK } from './chaos-clock.ts';
import { dryRunLines } from './dry-run.ts';
import { goneText, heldOn } from './held-instead.ts';
import { hold, type HoldEnd, type HoldOptions } from './hold.ts';
import { injectAll, newInjectionId } from './inject.ts';
import { END_REASONS, noticeOf } from './notice.ts';
import { reconcile } from './reconcile.ts';
import { selectServers } from './select-servers.ts';
import { serversText } from './server-ids.ts';
import { sweepLeftovers } from './sweep.ts';
import { ChaosError, type Target, type TargetServer } from './target.ts';

const STATUS_DEADLINE_MS = 5000;

export interface RunInjectionOptions {
  readonly config: ChaosConfig;
  readonly impairment: Impairment;
  readonly reach: Reach;
  readonly output: ChaosOutput;
  /** Undoes it early. */
  readonly signal: AbortSignal;
}

/**
 * Injects, holds for the duration and sees to the undo; with `--dry-run` only says what would be done, with `--detach`
 * leaves the end to whoever holds the injection.
 * @returns false when it was gone before its time: cleared from elsewhere, replaced, or with its servers or holders
 * @throws ChaosError for whatever was not done, or not undone; the reason of `signal` when that is aborted before
 * anything was injected
 */
export async function runInjection(options: RunInjectionOptions): Promise<boolean> {
  const { config, reach, output, signal } = options;
  const { target } = reach;
  const all = await target.list(signal);
  const servers = selectServers(all, config);
  const injection = injectionOf(options);
  if (config.dryRun) {
    await warnOfReplaced(options, servers);
    giveDryRun(options, injection, servers);
    return true;
  }
  await sweepLeftovers(reach, output, signal);
  const replaced = await warnOfReplaced(options, servers);
  const askedMs = REAL_CLOCK.elapsedMs();
  try {
    await injectAll({ target, injection, servers, signal });
  } catch (error) {
    throw replaced.size === 0 ? error : await withReplaced(error, { target, servers, replaced });
  }
  const notice = noticeOf({ injection, target: target.name, servers, all, beganSeconds: systemSeconds() });
  const told = await createAnnouncer(reach).begin(notice);
  if (told !== null) warn(output, `the datacenter was not told: ${told}`);
  say(output, beginText(notice, servers, config));
  await reconcile(reach, output, signal);
  if (!config.detach) return seeToTheEnd(options, notice, { injection, servers, askedMs });
  giveJson(output, { ...notice, seed: injection.seed, end: null, ended_at: null });
  return true;
}

/** Holds an injection that is in force until its end, and tells of that. */
async function seeToTheEnd(
  options: RunInjectionOptions,
  notice: ChaosNotice,
  held: Pick<HoldOptions, 'injection' | 'servers' | 'askedMs'>,
): Promise<boolean> {
  const { reach, output } = options;
  const { injection, servers } = held;
  const announcer = createAnnouncer(reach);
  const announceEnd = (of: keyof typeof END_REASONS): Promise<string | null> =>
    announcer.end({ id: notice.id, ended_at: systemSeconds(), reason: END_REASONS[of] });
  const end = await holdIt(options, held).catch(async (error: unknown) => {
    await announceEnd('not-undone');
    throw error;
  });
  const endedSeconds = systemSeconds();
  await announceEnd(end);
  const gone = end === 'gone' ? await goneText(reach.target, servers, injection.id) : null;
  say(output, endText(notice, { end, endedSeconds, gone }));
  giveJson(output, { ...notice, seed: injection.seed, end, ended_at: endedSeconds });
  return end !== 'gone';
}

/** An injection that fails may have ended one that was in its place: the error then says so. */
async function withReplaced(
  error: unknown,
  parts: { target: Target; servers: readonly TargetServer[]; replaced: ReadonlyMap<string, string> },
): Promise<unknown> {
  const { target, servers, replaced } = parts;
  if (!(error instanceof UserError)) return error;
  try {
    const still = await heldOn(target, servers, AbortSignal.timeout(STATUS_DEADLINE_MS));
    const over = [...replaced].filter(([id]) => !still.has(id)).map(([id, description]) => `${description} (id ${id})`);
    if (over.length === 0) return error;
    const text = `${error.message}\nwhat was injected there before has been ended: ${over.join(', ')}`;
    return new ChaosError(text, { cause: error });
  } catch {
    // What failed first is what matters.
    return error;
  }
}

function injectionOf({ config, impairment }: RunInjectionOptions): Injection {
  const { durationSeconds, direction, sparePorts, seed } = config;
  // One phase lasts to the end, whatever its own length.
  const phases = [{ seconds: durationSeconds ?? 1, impairment }];
  return { id: newInjectionId(), phases, repeats: false, durationSeconds, direction, sparePorts, seed };
}

function giveDryRun({ reach, output }: RunInjectionOptions, injection: Injection, servers: readonly TargetServer[]) {
  const planned = reach.target.plan(injection, servers);
  say(output, `this would be done on ${countText(servers.length, 'server')} of target ${reach.target.name}:`);
  for (const line of dryRunLines(planned)) say(output, line);
  giveJson(output, { target: reach.target.name, injection, servers: planned });
}

async function warnOfReplaced(
  { config, reach, output, signal }: RunInjectionOptions,
  servers: readonly TargetServer[],
): Promise<ReadonlyMap<string, string>> {
  const takes = config.dryRun ? 'would take' : 'takes';
  const replaced = await heldOn(reach.target, servers, signal);
  for (const [id, description] of replaced) warn(output, `this ${takes} the place of ${description} (id ${id})`);
  return replaced;
}

async function holdIt(
  { reach, output, signal }: RunInjectionOptions,
  held: Pick<HoldOptions, 'injection' | 'servers' | 'askedMs'>,
): Promise<HoldEnd> {
  const { target } = reach;
  const onTick = (leftSeconds: number | null): void =>
    showProgress(
      output,
      leftSeconds === null ? 'in force, until Ctrl-C' : `in force, ${durationText(leftSeconds)} left`,
    );
  let telling = Promise.resolve();
  const tellLost = async (lost: readonly TargetServer[]): Promise<void> => {
    const why = await goneText(target, lost, held.injection.id);
    showProgress(output, '');
    warn(output, `gone before its time on ${serversText(lost)}: ${why}`);
  };
  const onLost = (lost: readonly TargetServer[]): void => {
    // Of what is gone everywhere the end tells.
    if (lost.length === held.servers.length) return;
    telling = telling.then(async () => tellLost(lost));
  };
  try {
    return await hold({ ...held, target, signal, onTick, onLost });
  } finally {
    await telling;
    showProgress(output, '');
  }
}

function beginText(notice: ChaosNotice, servers: readonly TargetServer[], { detach, json }: ChaosConfig): string {
  const { description, scope, target, began_at: began, until, id } = notice;
  const time = until === null ? 'until it is cleared' : `for ${durationText(until - began)}`;
  const where = `${scope} (${countText(servers.length, 'server')}, target ${target})`;
  const how = detach || json ? '' : '; Ctrl-C undoes it now';
  return `injected on ${where}: ${description}, ${time}, id ${id}${how}`;
}

function endText(
  { scope, began_at: began }: ChaosNotice,
  { end, endedSeconds, gone }: { readonly end: HoldEnd; readonly endedSeconds: number; readonly gone: string | null },
): string {
  const after = durationText(endedSeconds - began);
  if (gone !== null) return `${scope}: it was gone after ${after}: ${gone}`;
  return `${scope}: undone after ${after}${end === 'expired' ? ', its time was over' : ''}`;
}
