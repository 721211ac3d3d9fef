import { describeMachine, machineText } from '../machine.ts';
import { type CleanResult, type FalseAlarm, runClean } from './clean.ts';
import type { Options } from './options.ts';
import { type RackScore, scoreRack } from './rack-scenario.ts';
import { type Score, scoreScenario } from './score.ts';
import { FURTHER_SCENARIOS } from './further-scenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import type { TradeCurve } from './svg.ts';
import { measureTrade } from './trade.ts';

/** Healthy streams are simulated for a day each. */
const STREAM_DAYS = 1;

/** False alarms on healthy streams. */
export interface CleanScore {
  readonly streamDays: number;
  readonly alarms: readonly FalseAlarm[];
  /** How fast they were simulated and judged, on one core. */
  readonly streamDaysPerMinute: number;
}

/** Everything the command has measured. */
export interface DetectionResults {
  /** What it ran on. */
  readonly machine: string;
  readonly runs: number;
  readonly clean: CleanScore;
  readonly scores: readonly Score[];
  readonly rack: RackScore;
  /** Alarms a day on healthy streams of the detectors NetWatch is compared with. */
  readonly rivals: Readonly<Record<string, number>>;
  readonly trade: readonly TradeCurve[];
  readonly tradeDays: number;
}

/** @param progress says how far it is */
export function measure(options: Options, progress: (text: string) => void): DetectionResults {
  const scores = [...SCENARIOS, ...FURTHER_SCENARIOS].map((scenario) => {
    progress(scenario.name);
    return scoreScenario(scenario, { runs: options.runs, firstSeed: 1, withRivals: options.tradeDays > 0 });
  });
  progress("half of a rack's servers");
  const rack = scoreRack(options.rackRuns, 1);
  const clean = countFalseAlarms(options.streamDays, progress);
  const isTraded = options.tradeDays > 0;
  if (isTraded) progress('delay against false alarms');
  return {
    machine: machineText(describeMachine()),
    runs: options.runs,
    clean,
    scores,
    rack,
    rivals: isTraded ? rivalAlarms(options.tradeDays) : {},
    trade: isTraded ? measureTrade(options.tradeDays, progress) : [],
    tradeDays: options.tradeDays,
  };
}

function countFalseAlarms(streamDays: number, progress: (text: string) => void): CleanScore {
  const began = performance.now();
  const alarms: FalseAlarm[] = [];
  for (let done = 0, seed = 1; done < streamDays; done += STREAM_DAYS, seed++) {
    const days = Math.min(STREAM_DAYS, streamDays - done);
    alarms.push(...runClean({ seed, days }).alarms);
    if (seed % 10 === 0) progress(`${seed} of ${streamDays} healthy stream-days, ${alarms.length} false alarms`);
  }
  const minutes = (performance.now() - began) / 60_000;
  return { streamDays, alarms, streamDaysPerMinute: streamDays / minutes };
}

function rivalAlarms(days: number): Record<string, number> {
  const { rivals }: CleanResult = runClean({ seed: 1, days, withRivals: true });
  return Object.fromEntries(Object.entries(rivals).map(([name, alarms]) => [name, alarms / days]));
}
