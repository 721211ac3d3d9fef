// npm run bench:false-alarms: runs a lab in which nothing is broken and counts the faults that it tells of all the same.
// Exit codes: 0 none, 1 there was a false alarm or it could not be counted, 2 bad usage.

import { optionsOrCode } from './options-or-code.ts';
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { DatacenterHealth } from '../src/core/verdict.ts';
import { FaultRecord, isFalseAlarm } from './false-alarms/fault-record.ts';
import { lagOf } from './false-alarms/lag.ts';
import { type Options, readOptions, USAGE } from './false-alarms/options.ts';
import { episodeText, type Recording, summaryText } from './false-alarms/report.ts';
import { startWatchedLab, type WatchedLab } from './false-alarms/watched-lab.ts';
import { describeMachine } from './machine.ts';

/** Reports come once a second, and sooner with news. */
const LOOK_MS = 500;
const START_DEADLINE_SECONDS = 300;
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = optionsOrCode(() => readOptions(args), USAGE);
  if (typeof options === 'number') return options;
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const recording = await watch(options, interrupted.signal);
  process.stdout.write(summaryText(recording));
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(recording, null, 2)}\n`);
  return recording.episodes.some(isFalseAlarm) ? 1 : 0;
}

/** @throws Error when the lab ends, or does not get as far as having all its servers judged. */
async function watch(options: Options, signal: AbortSignal): Promise<Recording> {
  const { racks, servers, minutes } = options;
  await using lab = await startWatchedLab(options);
  const record = new FaultRecord();
  const loads = [loadavg()[0] ?? 0];
  const beganMs = performance.now();
  let [looks, missed, judgedSinceMs] = [0, 0, Number.NaN];
  const elapsedMinutes = (): number => (Number.isNaN(judgedSinceMs) ? 0 : (performance.now() - judgedSinceMs) / 60_000);
  while (elapsedMinutes() < minutes && !signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const tree = await lab.health();
    looks++;
    if (tree === null) missed++;
    const news = tree === null ? [] : record.take(tree);
    for (const alarm of news.filter(isFalseAlarm)) say(episodeText(alarm));
    if (Number.isNaN(judgedSinceMs)) {
      if (tree !== null && isJudged(tree, racks * servers)) judgedSinceMs = performance.now();
      else if (performance.now() - beganMs > START_DEADLINE_SECONDS * 1000)
        throw new Error(`the lab's ${racks * servers} servers could not all be judged in ${START_DEADLINE_SECONDS} s`);
    }
    if (elapsedMinutes() >= loads.length) {
      loads.push(loadavg()[0] ?? 0);
      const alarms = record.episodes.filter(isFalseAlarm).length;
      say(`minute ${loads.length - 1} of ${minutes}: ${alarms} false alarms, load ${loads.at(-1)?.toFixed(1)}`);
    }
    // oxlint-disable-next-line no-await-in-loop
    await pause(LOOK_MS);
  }
  return {
    machine: describeMachine(),
    loads,
    racks,
    servers,
    seconds: (performance.now() - beganMs) / 1000,
    judgedSeconds: elapsedMinutes() * 60,
    looks,
    missed,
    ...(await lags(lab)),
    episodes: record.episodes,
  };
}

/** Whether every server that was asked for is heard well enough to be judged. */
function isJudged({ racks }: DatacenterHealth, count: number): boolean {
  const servers = racks.flatMap((rack) => rack.servers);
  return servers.length === count && servers.every(({ status }) => status !== 'warming');
}

/** How hard a test it was: how late the racks and the agents were by their own clocks. */
async function lags(lab: WatchedLab): Promise<Pick<Recording, 'receiverLag' | 'scheduleLag'>> {
  try {
    const [ofRacks, ofAgents] = await Promise.all([lab.expositions('rack'), lab.expositions('agent')]);
    return {
      receiverLag: lagOf(ofRacks, 'netwatch_receiver_lag_seconds'),
      scheduleLag: lagOf(ofAgents, 'netwatch_agent_schedule_lag_seconds'),
    };
  } catch {
    return { receiverLag: null, scheduleLag: null };
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
