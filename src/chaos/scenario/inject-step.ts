import { parseImpairment, type ImpairmentTexts } from '../../netem/parse-impairment.ts';
import type { Direction, Phase } from '../../wire/injection.ts';
import type { Selection } from '../select-servers.ts';
import { FAULT_KEYS, type Ramp } from './fault-schema.ts';
import { type FaultProblem, isMovable, pulsePhases, RAMP_KEYS, type RampMove, rampPhases } from './phases.ts';
import type { Expectation, InjectStep } from './scenario.ts';
import { MISSING } from './schema-kinds.ts';

/** The keys of a step that injects, each of them valid by itself. */
export interface InjectKeys {
  readonly name?: string | undefined;
  readonly after?: number | undefined;
  readonly on: Selection;
  readonly inject?: ImpairmentTexts | undefined;
  readonly for?: number | undefined;
  readonly direction?: Direction | undefined;
  readonly ramp?: Ramp | undefined;
  readonly pulse?: { readonly every: number; readonly for: number } | undefined;
  readonly expect?: readonly Expectation[] | undefined;
}

/** What is wrong with a step, and where in it. */
export interface StepProblem {
  readonly path: readonly string[];
  readonly message: string;
}

const DEFAULT_RAMP_STEPS = 20;

type Course = { readonly phases: readonly Phase[]; readonly durationSeconds: number };

/** Holds the keys of a step against one another, and brings its ramp or pulse into phases. */
export function injectStep(
  keys: InjectKeys,
): { kind: 'step'; step: InjectStep } | { kind: 'problems'; problems: readonly StepProblem[] } {
  const problems: StepProblem[] = [];
  const course = keys.ramp === undefined ? steadyCourse(keys, problems) : rampCourse(keys, keys.ramp, problems);
  const expectations = keys.expect ?? [];
  if (course !== null) problems.push(...hurries(expectations, course.durationSeconds));
  if (course === null || problems.length > 0) return { kind: 'problems', problems };
  return {
    kind: 'step',
    step: {
      kind: 'inject',
      name: keys.name ?? null,
      afterSeconds: keys.after ?? 0,
      on: keys.on,
      ...course,
      repeats: keys.pulse !== undefined,
      direction: keys.direction ?? 'egress',
      expectations,
    },
  };
}

/** A fault that stays as it is, or comes and goes. */
function steadyCourse({ inject = {}, pulse, for: seconds }: InjectKeys, problems: StepProblem[]): Course | null {
  if (seconds === undefined) problems.push({ path: ['for'], message: MISSING });
  if (pulse !== undefined && pulse.for >= pulse.every) {
    problems.push({ path: ['pulse', 'for'], message: 'less than its "every"' });
  }
  if (pulse !== undefined && seconds !== undefined && seconds < pulse.every) {
    problems.push({ path: ['for'], message: 'at least the "every" of its pulse' });
  }
  const parsed = parseImpairment(inject);
  if (parsed.kind === 'problems') problems.push(...faultProblems(parsed.problems));
  if (problems.length > 0 || parsed.kind === 'problems' || seconds === undefined) return null;
  const { impairment } = parsed;
  const phases = pulse === undefined ? [{ seconds, impairment }] : pulsePhases(impairment, pulse);
  return { phases, durationSeconds: seconds };
}

function rampCourse(keys: InjectKeys, ramp: Ramp, problems: StepProblem[]): Course | null {
  const { inject: fixed = {}, pulse } = keys;
  const durationSeconds = keys.for ?? ramp.over;
  if (pulse !== undefined) problems.push({ path: ['pulse'], message: 'either a ramp or a pulse' });
  if (durationSeconds < ramp.over) problems.push({ path: ['for'], message: 'at least the "over" of its ramp' });
  const moves = rampMoves(ramp, problems);
  for (const { key } of moves) {
    if (fixed[key] === undefined) continue;
    problems.push({ path: ['inject', key], message: 'the ramp moves it: leave it out here' });
  }
  if (problems.length > 0) return null;
  const steps = ramp.steps ?? DEFAULT_RAMP_STEPS;
  const made = rampPhases({ fixed, moves, overSeconds: ramp.over, steps, durationSeconds });
  if (made.kind === 'phases') return { phases: made.phases, durationSeconds };
  problems.push(...faultProblems(made.problems, moves));
  return null;
}

function rampMoves({ from, to }: Ramp, problems: StepProblem[]): readonly RampMove[] {
  const moves: RampMove[] = [];
  for (const key of RAMP_KEYS) {
    const [start, end] = [from[key], to[key]];
    if (start === undefined && end === undefined) continue;
    if (start === undefined || end === undefined) {
      const message = `"${key}" stands only in ${start === undefined ? '"to"' : '"from"'}: it must be in both`;
      problems.push({ path: ['ramp', start === undefined ? 'to' : 'from', key], message });
    } else if (!isMovable(start, end)) {
      const message = `numbers of one unit in "from" and "to", or 0; "from" has ${JSON.stringify(start)}`;
      problems.push({ path: ['ramp', 'to', key], message });
    } else {
      moves.push({ key, from: start, to: end });
    }
  }
  if (moves.length === 0 && problems.length === 0) {
    problems.push({ path: ['ramp', 'to'], message: `something to move: ${RAMP_KEYS.join(', ')}` });
  }
  return moves;
}

/** What a ramp moves is told where its end is, with the value on the way that is no good. */
function faultProblems(problems: readonly FaultProblem[], moves: readonly RampMove[] = []): readonly StepProblem[] {
  return problems.map(({ key, given, allowed }) =>
    moves.some((move) => move.key === key)
      ? { path: ['ramp', 'to', key], message: `${allowed} (on the way it is ${given})` }
      : { path: ['inject', FAULT_KEYS[key]], message: allowed.replace('loss model', FAULT_KEYS.lossModel) },
  );
}

/** Expectations that could only be judged once the fault is over. */
function hurries(expectations: readonly Expectation[], durationSeconds: number): readonly StepProblem[] {
  return expectations.some(({ withinSeconds }) => withinSeconds > durationSeconds)
    ? [{ path: ['expect'], message: `a "within" of at most ${durationSeconds} s: then the fault is over` }]
    : [];
}
