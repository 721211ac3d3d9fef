import { type Selection } from '../select-servers.ts';
import type { Step } from './scenario.ts';
import { MAX_SECONDS } from './schema-kinds.ts';

/** Steps that are run, rounds counted. */
const MAX_RUNS = 1000;

export interface StoryProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What can only be said of a story as a whole: how long it is, and that no two faults want the same server at once. */
export function storyProblems(steps: readonly Step[]): readonly StoryProblem[] {
  const problems = steps.flatMap((step, index) => overlaps(step, ['steps', index]));
  const runs = sum(steps.map(runsOf));
  if (runs > MAX_RUNS)
    problems.push({ path: ['steps'], message: `at most ${MAX_RUNS} steps, rounds counted: these are ${runs}` });
  const seconds = sum(steps.map(leastSeconds));
  if (seconds > MAX_SECONDS) {
    problems.push({
      path: ['steps'],
      message: `a story of at most 24 h: this one takes ${Math.round(seconds / 3600)} h`,
    });
  }
  return problems;
}

/** How long a step takes at least: expectations may end early, so they count for nothing. */
export function leastSeconds(step: Step): number {
  return step.afterSeconds + ownSeconds(step);
}

function ownSeconds(step: Step): number {
  switch (step.kind) {
    case 'inject':
      return step.durationSeconds;
    case 'wait':
      return step.waitSeconds;
    case 'expect':
      return 0;
    case 'parallel':
      return Math.max(...step.steps.map(leastSeconds));
    case 'group':
    default:
      return step.rounds * sum(step.steps.map(leastSeconds));
  }
}

function runsOf(step: Step): number {
  if (step.kind === 'parallel') return sum(step.steps.map(runsOf));
  return step.kind === 'group' ? step.rounds * sum(step.steps.map(runsOf)) : 1;
}

function overlaps(step: Step, path: readonly (string | number)[]): StoryProblem[] {
  if (step.kind !== 'parallel' && step.kind !== 'group') return [];
  const list = step.kind === 'parallel' ? 'parallel' : 'steps';
  const inner = step.steps.flatMap((child, index) => overlaps(child, [...path, list, index]));
  if (step.kind === 'group') return inner;
  const own = step.steps.flatMap((child, index): StoryProblem[] => {
    const mine = selectionsOf(child);
    const earlier = step.steps
      .slice(0, index)
      .findIndex((other) => selectionsOf(other).some((a) => mine.some((b) => doOverlap(a, b))));
    if (earlier < 0) return [];
    const message = `other servers than number ${earlier + 1} of these parallel steps: on one server, one fault would take the place of the other`;
    return [{ path: [...path, 'parallel', index], message }];
  });
  return [...inner, ...own];
}

/** On which servers a step injects, with all that is in it. */
export function selectionsOf(step: Step): readonly Selection[] {
  if (step.kind === 'inject') return [step.on];
  return step.kind === 'parallel' || step.kind === 'group' ? step.steps.flatMap(selectionsOf) : [];
}

function doOverlap(a: Selection, b: Selection): boolean {
  return doShare(a.racks, b.racks) && doShare(a.servers, b.servers);
}

function doShare(a: readonly number[] | null, b: readonly number[] | null): boolean {
  return a === null || b === null || a.some((id) => b.includes(id));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
