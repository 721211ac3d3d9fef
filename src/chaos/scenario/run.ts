import type { Announcer } from '../announcer.ts';
import { ChaosError, type Target, type TargetServer } from '../target.ts';
import type { HealthWatch } from './health-watch.ts';
import type { PlannedStep } from './plan-scenario.ts';
import type { RunJournal } from './run-journal.ts';
import type { ChaosClock } from '../chaos-clock.ts';

/** What every step of a run has in common. */
export interface Run {
  readonly target: Target;
  /** Every server of the target. */
  readonly all: readonly TargetServer[];
  readonly announcer: Announcer;
  readonly watch: HealthWatch;
  readonly journal: RunJournal;
  readonly clock: ChaosClock;
  /** Of steps at the top. */
  readonly stepCount: number;
  /** Ends the run: every step undoes what it did and returns. */
  readonly stop: AbortController;
  /** Injections that are not known to be undone, by id, with the servers they are on. */
  readonly open: Map<string, readonly TargetServer[]>;
}

/** `step 2.1/5 "the cable breaks":` */
export function stepText({ stepCount }: Run, { label, name }: PlannedStep): string {
  return `step ${label}/${stepCount}${name === null ? '' : ` "${name}":`}`;
}

/** What cannot be injected or undone ends the story: the rest of it would tell of another network. */
export function failRun({ journal, stop }: Run, problem: string): void {
  journal.fail(problem);
  stop.abort(new ChaosError(problem));
}
