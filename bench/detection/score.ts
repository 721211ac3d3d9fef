import { type Outcome, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Tones across the default plan: of the first rack, of the last server, of the last rack. */
export const TONES_HZ: readonly number[] = [1, 1.35, 2.2, 4.35];

/** How one fault was told, over many runs. */
export interface Score {
  readonly name: string;
  readonly kind: string;
  readonly runs: number;
  /** Seconds; a run in which it was missed counts as infinite in median and 95th percentile, and is left out of the mean. */
  readonly meanSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
  readonly missed: number;
  /** Share of runs in which exactly the right name, and no other, stood for most of the time once it was to be known. */
  readonly namedRight: number;
  /** Names told instead or beside it, with the number of runs. */
  readonly names: Readonly<Record<string, number>>;
  /** The kind that was told first, with the number of runs. */
  readonly firstNames: Readonly<Record<string, number>>;
  readonly onsetErrorSeconds: number | null;
  readonly parameter: { readonly what: string; readonly p95: number | null; readonly target: number } | null;
  /** Share of runs in which it was known in time, where that differs from run to run. */
  readonly inTime: number | null;
  readonly target: Scenario['target'];
  readonly namedTarget: number | null;
  /** Median detection times of the others; null: missed in half of the runs or more. */
  readonly rivals: Readonly<Record<string, number | null>>;
}

/** Runs a scenario again and again, each time another link, tones in turn. */
export function scoreScenario(
  scenario: Scenario,
  options: { runs: number; firstSeed: number; withRivals: boolean },
): Score {
  const outcomes = Array.from({ length: options.runs }, (_, i) => {
    const toneHz = TONES_HZ[i % TONES_HZ.length] ?? 1;
    return runScenario(scenario, { seed: options.firstSeed + i, toneHz, withRivals: options.withRivals });
  });
  return summarize(scenario, outcomes);
}

function summarize(scenario: Scenario, outcomes: readonly Outcome[]): Score {
  const times = outcomes.map(({ detectedSeconds }) => detectedSeconds);
  const found = times.filter((time) => time !== null);
  const errors = outcomes.flatMap(({ parameterError: error }) => (error === null ? [] : [error]));
  const onsets = outcomes.flatMap(({ onsetErrorSeconds: error }) => (error === null ? [] : [Math.abs(error)]));
  const names = countBy(outcomes, ({ name }) => name);
  const inTime = outcomes.filter(
    ({ mustPrecedeSeconds: limit, detectedSeconds: time }) => limit !== null && time !== null && time < limit,
  );
  const rivalNames = Object.keys(outcomes[0]?.rivals ?? {});
  return {
    name: scenario.name,
    kind: scenario.kind,
    runs: outcomes.length,
    meanSeconds: found.length === 0 ? null : found.reduce((sum, time) => sum + time, 0) / found.length,
    medianSeconds: quantile(times, 0.5),
    p95Seconds: quantile(times, 0.95),
    missed: times.length - found.length,
    namedRight: (names[scenario.kind] ?? 0) / outcomes.length,
    names,
    firstNames: countBy(outcomes, ({ firstName }) => firstName),
    onsetErrorSeconds: quantile(onsets, 0.5),
    parameter: scenario.parameter
      ? { what: scenario.parameter.what, p95: quantile(errors, 0.95), target: scenario.parameter.target }
      : null,
    inTime: scenario.mustPrecede ? inTime.length / outcomes.length : null,
    target: scenario.target,
    namedTarget: scenario.namedTarget,
    rivals: Object.fromEntries(
      rivalNames.map((name) => [
        name,
        quantile(
          outcomes.map(({ rivals }) => rivals[name] ?? null),
          0.5,
        ),
      ]),
    ),
  };
}

/** The figure that is compared with the target. */
export function comparedSeconds(score: Score): number | null {
  if (score.target === null) return null;
  if (score.target.of === 'mean') return score.missed > 0 ? null : score.meanSeconds;
  return score.target.of === 'median' ? score.medianSeconds : score.p95Seconds;
}

/** What of its targets a fault misses; empty when it meets them all. */
export function missedTargets(score: Score): readonly string[] {
  const missed: string[] = [];
  const { target, namedTarget, parameter, inTime } = score;
  const time = comparedSeconds(score);
  if (target !== null && (time === null || time > target.seconds)) missed.push('time');
  if (namedTarget !== null && score.namedRight < namedTarget) missed.push('name');
  if (parameter !== null && !(parameter.p95 !== null && parameter.p95 <= parameter.target)) missed.push(parameter.what);
  if (inTime !== null && inTime < 0.9) missed.push('before its first loss');
  return missed;
}

function quantile(values: readonly (number | null)[], share: number): number | null {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
}

function countBy(outcomes: readonly Outcome[], keyOf: (outcome: Outcome) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[keyOf(outcome)] = (counts[keyOf(outcome)] ?? 0) + 1;
  return counts;
}
